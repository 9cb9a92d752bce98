/** What the commands of a GTP engine share: the game, the clocks, and what was asked for. */
import { BLACK, EMPTY } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Rules } from '#engine/go/rules.ts';
import type { Move } from '#engine/go/view.ts';
import { formatMove, parseMove } from '#engine/record/coordinates.ts';
import type { RawOpinion } from '#nets/inference/raw-opinion.ts';
import { done, type Answer } from './gtp-answer.ts';
import { GtpClocks } from './gtp-clock.ts';
import { GtpGame } from './gtp-game.ts';
import { GtpParameters, type SearchSettings } from './gtp-parameters.ts';
import type { GenMoveOptions, Player, PlayerMove } from './player.ts';
import type { KataModel } from './kata-models.ts';
import type { Analysis } from './search-task.ts';

export type GtpNet = {
  readonly models: () => readonly KataModel[];
  /** What it thinks under each symmetry. */
  readonly rawOpinions: (position: Position, symmetries: readonly number[]) => Promise<RawOpinion[]>;
};

export type GtpEngineOptions = {
  readonly player: Pick<Player, 'genMove' | 'analyse'>;
  readonly name: string;
  readonly version: string;
  /** Lines of the board before the first `boardsize`. */
  readonly size: number;
  /** With their komi. */
  readonly rules: Rules;
  readonly rng: Rng;
  /** What the player searches with, where it searches. */
  readonly search?: SearchSettings;
  /** Milliseconds until a move reaches the clock of the controller. */
  readonly lagMs?: number | undefined;
  /** Whether it goes on searching in the opponent's time. */
  readonly ponders?: boolean;
  /** The player's net, where it has one. */
  readonly net?: GtpNet;
  /** Who owns each point if the game ends here: float32 [width * height] in [-1, 1]. */
  readonly ownershipBlack: (position: Position) => Promise<Float32Array>;
  /** Milliseconds from any origin. */
  readonly now: () => number;
  /** Told what a command failed of, besides the controller, which gets one line of it. */
  readonly onError?: (error: unknown) => void;
  /** Told, in a sentence, what the user should know; the controller is not. */
  readonly onWarning?: (sentence: string) => void;
};

export class GtpSession {
  readonly options: GtpEngineOptions;
  readonly clocks: GtpClocks;
  game: GtpGame;
  readonly parameters: GtpParameters;
  /** Which of its trees the player's searches keep. */
  private treeNumber = 0;
  private pondering: { readonly stop: AbortController; readonly ended: Promise<void> } | null = null;
  /** How long the player has thought about moves, in all. */
  thinkingMs = 0;
  /** When the command under way was read: a clock runs from then on. */
  private askedMs = 0;
  /** When the next command was read, where this one goes on until then; else null. */
  private nextAskedMs: number | null = null;
  private hasWarnedOfFull = false;

  constructor(options: GtpEngineOptions) {
    this.options = options;
    this.clocks = new GtpClocks(options.lagMs);
    this.parameters = new GtpParameters(options.search ?? null);
    this.game = this.emptyGame(options.size, options.size, options.rules);
  }

  /** To be told before anything else of each line. */
  begin(): void {
    this.askedMs = this.nextAskedMs ?? this.options.now();
    this.nextAskedMs = null;
  }

  /** To be told when a line ends the command under way, which may take a while to end. */
  expectNext(): void {
    this.nextAskedMs = this.options.now();
  }

  get rules(): Rules {
    return this.game.setup.rules;
  }

  emptyGame(width: number, height: number, rules: Rules): GtpGame {
    return new GtpGame({ width, height, rules, handicap: 0, setup: { black: [], white: [] }, toPlay: BLACK });
  }

  changeRules(rules: Rules): Answer {
    this.game = this.game.underRules(rules);
    return done();
  }

  /** The move that `text` names on this board; null for none. */
  vertex(text: string | undefined): number | null {
    return text === undefined ? null : parseMove(text, this.game.setup.width, this.game.setup.height);
  }

  vertices(points: readonly number[]): string {
    const { width, height } = this.game.setup;
    return points.map((point) => formatMove(point, width, height)).join(' ');
  }

  /** What every search of the player is told. */
  wishes(): GenMoveOptions {
    return { rng: this.options.rng, gameId: String(this.treeNumber), ...this.parameters.wishes() };
  }

  /** What every analysis is told; a wider one has a tree of its own, so that moves do not go on from it. */
  analysisWishes(): GenMoveOptions {
    const wishes = this.wishes();
    const parameters = this.parameters.analysisWishes();
    return parameters === null ? wishes : { ...wishes, gameId: `${wishes.gameId} wide`, parameters };
  }

  /** The player's next search begins anew. */
  forgetTree(): void {
    this.treeNumber++;
  }

  /** The player's move for `color` within its time, which is taken off its clock; the move is not played. */
  async think(color: Color, wishes: Partial<GenMoveOptions>): Promise<PlayerMove> {
    const { player, now } = this.options;
    const position = this.game.positionFor(color);
    const empty = position.board.stones.filter((stone) => stone === EMPTY).length;
    const started = now();
    const goneMs = started - this.askedMs;
    const { visits, budgetMs: mostMs } = this.parameters.limits();
    const budgetMs = Math.min(this.clocks.budgetMs(color, empty, goneMs), mostMs);
    const answer = await player.genMove(position, {
      ...this.wishes(),
      ...(budgetMs === Infinity ? {} : { budgetMs }),
      visits,
      ...wishes,
    });
    const spentMs = now() - started;
    this.clocks.spend(color, goneMs + spentMs, goneMs + budgetMs);
    this.thinkingMs += spentMs;
    if (answer.stats !== undefined) this.warnWhereFull(answer.stats, visits);
    return answer;
  }

  /** Says once that a search had no more memory. @param visits that were asked for. */
  warnWhereFull({ isFull, rootVisits }: Analysis, visits = Infinity): void {
    const { search, onWarning } = this.options;
    if (this.hasWarnedOfFull || !isFull || rootVisits >= visits || search === undefined) return;
    this.hasWarnedOfFull = true;
    const { maxMegabytes } = search.parameters;
    onWarning?.(
      `a search ended after ${rootVisits} visits because its tree had ${maxMegabytes} MB; give the player more by maxMegabytes, as in net@100000,maxMegabytes=${4 * maxMegabytes}, or -override-config maxMegabytes=${4 * maxMegabytes}. This is said once.`,
    );
  }

  /** Plays what the player thought of. @returns what was played, as GTP writes it. */
  playThought(color: Color, move: Move | 'resign'): string {
    if (move === 'resign') return move;
    if (this.game.play(color, move)) return this.vertices([move]);
    // Where the turn was taken out of order, superko may forbid the suicide of a single stone; a pass is always legal.
    const pass = this.game.position.passMove;
    this.game.play(color, pass);
    return this.vertices([pass]);
  }

  /** Goes on searching in the opponent's time where that is wished, until `endPondering`. */
  ponder(): void {
    const { player, ponders = false, onError } = this.options;
    const { position } = this.game;
    if (!ponders || player.analyse === undefined || position.isOver) return;
    const stop = new AbortController();
    const search = player.analyse(position, { ...this.wishes(), stop: stop.signal });
    this.pondering = { stop, ended: search.then((found) => this.warnWhereFull(found), onError) };
  }

  async endPondering(): Promise<void> {
    this.pondering?.stop.abort();
    await this.pondering?.ended;
    this.pondering = null;
  }
}
