/** Any player as a GTP engine: one command in, one answer out. Commands as in GTP 2, with KataGo's for rules. */
import { BLACK, EMPTY, WHITE } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Rules } from '#engine/go/rules.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import { isBoardSide } from '#engine/go/size.ts';
import type { Move } from '#engine/go/view.ts';
import { formatMove, parseMove } from '#engine/record/coordinates.ts';
import { formatDiagram } from '#engine/record/diagram.ts';
import { formatFailure, formatSuccess, parseColor, parseCommand } from '#engine/record/gtp.ts';
import { formatScore } from '#engine/record/result.ts';
import { formatKataRules, formatRules, parseRules } from '#engine/record/rules-text.ts';
import { deadStones } from '#engine/search/dead-stones.ts';
import { SYNTAX_ERROR, done, parseReal, parseWhole, refuse, type Answer } from './gtp-answer.ts';
import { GtpClocks } from './gtp-clock.ts';
import { GtpGame } from './gtp-game.ts';
import { placeByConvention, placeFreely } from './gtp-handicap.ts';
import { loadGame } from './gtp-load.ts';

/** The part of a `Player` that the engine needs. */
export type MoveSource = {
  genMove(position: Position, options: { rng: Rng; budgetMs?: number }): Promise<{ move: Move | 'resign' }>;
};

export type GtpEngineOptions = {
  readonly player: MoveSource;
  readonly name: string;
  readonly version: string;
  /** Lines of the board before the first `boardsize`. */
  readonly size: number;
  /** With their komi. */
  readonly rules: Rules;
  readonly rng: Rng;
  /** Who will own each point: float32 [width * height] in [-1, 1]. */
  readonly ownershipBlack: (position: Position) => Promise<Float32Array>;
  /** Milliseconds from any origin. */
  readonly now: () => number;
  /** Told what a command failed of, besides the controller, which gets one line of it. */
  readonly onError?: (error: unknown) => void;
};

/** `quit`: the answer is the last one. */
export type GtpReply = { readonly text: string; readonly quit: boolean };

type Command = (args: readonly string[]) => Answer | Promise<Answer>;

export class GtpEngine {
  private readonly options: GtpEngineOptions;
  private game: GtpGame;
  private readonly clocks = new GtpClocks();
  private readonly commands: ReadonlyMap<string, Command>;

  constructor(options: GtpEngineOptions) {
    this.options = options;
    this.game = this.emptyGame(options.size, options.size, options.rules);
    this.commands = new Map(
      Object.entries({
        protocol_version: () => done('2'),
        name: () => done(options.name),
        version: () => done(options.version),
        known_command: (args) => done(String(this.commands.has(args[0] ?? ''))),
        list_commands: () => done([...this.commands.keys()].join('\n')),
        quit: () => done(),
        boardsize: (args) => this.boardSize(args[0], args[0]),
        rectangular_boardsize: (args) => this.boardSize(args[0], args[1]),
        clear_board: () => this.clearBoard(),
        komi: (args) => this.komi(args[0]),
        play: (args) => this.play(args),
        genmove: (args) => this.genMove(args),
        undo: () => (this.game.undo() ? done() : refuse('cannot undo')),
        showboard: () => this.showBoard(),
        fixed_handicap: (args) => this.placeHandicap(args, false),
        place_free_handicap: (args) => this.placeHandicap(args, true),
        set_free_handicap: (args) => this.setFreeHandicap(args),
        time_settings: (args) => this.timeSettings(args),
        time_left: (args) => this.timeLeft(args),
        final_score: () => this.finalScore(),
        final_status_list: (args) => this.finalStatusList(args[0]),
        loadsgf: (args) => this.loadSgf(args),
        'kata-get-rules': () => done(formatKataRules(this.rules)),
        'kata-set-rules': (args) => this.setRules(args.join(' ')),
      } satisfies Record<string, Command>),
    );
  }

  /** Answers one line; null for a line that holds no command. Never rejects: a failing player is refused, and reported. */
  async handle(line: string): Promise<GtpReply | null> {
    const command = parseCommand(line);
    if (command === null) return null;
    const run = this.commands.get(command.name);
    if (run === undefined) return { text: formatFailure(command.id, 'unknown command'), quit: false };
    let answer: Answer;
    try {
      answer = await run(command.args);
    } catch (error) {
      this.options.onError?.(error);
      answer = refuse(error instanceof Error ? error.message : String(error));
    }
    const text = answer.ok ? formatSuccess(command.id, answer.text) : formatFailure(command.id, answer.text);
    return { text, quit: command.name === 'quit' };
  }

  private get rules(): Rules {
    return this.game.setup.rules;
  }

  private emptyGame(width: number, height: number, rules: Rules): GtpGame {
    return new GtpGame({ width, height, rules, handicap: 0, setup: { black: [], white: [] }, toPlay: BLACK });
  }

  private boardSize(widthText: string | undefined, heightText: string | undefined): Answer {
    const [width, height] = [parseWhole(widthText), parseWhole(heightText)];
    if (width === null || height === null) return SYNTAX_ERROR;
    if (!isBoardSide(width) || !isBoardSide(height)) return refuse('unacceptable size');
    this.game = this.emptyGame(width, height, this.rules);
    return done();
  }

  private clearBoard(): Answer {
    const { width, height } = this.game.setup;
    this.game = this.emptyGame(width, height, this.rules);
    this.clocks.restart();
    return done();
  }

  private komi(text: string | undefined): Answer {
    const komi = parseReal(text);
    return komi === null ? SYNTAX_ERROR : this.changeRules({ ...this.rules, komi });
  }

  private setRules(text: string): Answer {
    const rules = parseRules(text);
    return rules === null
      ? refuse(`unknown rules '${text}'`)
      : this.changeRules({ ...rules, komi: this.rules.komi });
  }

  private changeRules(rules: Rules): Answer {
    const game = this.game.underRules(rules);
    if (game === null) return refuse('the moves played so far are illegal under these rules');
    this.game = game;
    return done();
  }

  private vertex(text: string | undefined): number | null {
    return text === undefined ? null : parseMove(text, this.game.setup.width, this.game.setup.height);
  }

  private vertices(points: readonly number[], separator = ' '): string {
    const { width, height } = this.game.setup;
    return points.map((point) => formatMove(point, width, height)).join(separator);
  }

  private play([colorText, vertexText]: readonly string[]): Answer {
    const color = parseColor(colorText);
    const move = this.vertex(vertexText);
    if (color === null || move === null) return SYNTAX_ERROR;
    return this.game.play(color, move) ? done() : refuse('illegal move');
  }

  private async genMove([colorText]: readonly string[]): Promise<Answer> {
    const color = parseColor(colorText);
    if (color === null) return SYNTAX_ERROR;
    const position = this.game.positionFor(color);
    const empty = position.board.stones.filter((stone) => stone === EMPTY).length;
    const budgetMs = this.clocks.budgetMs(color, empty);
    const { player, rng, now } = this.options;
    const started = now();
    const { move } = await player.genMove(position, budgetMs === null ? { rng } : { rng, budgetMs });
    this.clocks.spend(color, now() - started);
    if (move === 'resign') return done('resign');
    // Where the turn was taken out of order, superko may see the move differently; a pass is always legal.
    if (this.game.play(color, move)) return done(this.vertices([move]));
    this.game.play(color, position.passMove);
    return done('pass');
  }

  private showBoard(): Answer {
    const { board, lastMove, toPlay } = this.game.position;
    const { captures } = board;
    return done(
      `\n${formatDiagram(board, lastMove)}\n${toPlay === BLACK ? 'Black' : 'White'} to play. Black has captured ${captures[BLACK]}, White ${captures[WHITE]}. Komi ${this.rules.komi}, ${formatRules(this.rules)} rules.`,
    );
  }

  private placeHandicap([countText]: readonly string[], fewerIsFine: boolean): Answer {
    const asked = parseWhole(countText);
    if (asked === null) return SYNTAX_ERROR;
    const placed = placeByConvention(this.game, asked, fewerIsFine);
    if (!placed.ok) return refuse(placed.why);
    this.game = placed.game;
    return done(this.vertices(placed.stones));
  }

  private setFreeHandicap(args: readonly string[]): Answer {
    const placed = placeFreely(
      this.game,
      args.map((text) => this.vertex(text)),
    );
    if (!placed.ok) return refuse(placed.why);
    this.game = placed.game;
    return done();
  }

  private timeSettings(args: readonly string[]): Answer {
    const [mainSeconds, byoYomiSeconds] = [parseReal(args[0]), parseReal(args[1])];
    const stones = parseWhole(args[2]);
    if (mainSeconds === null || byoYomiSeconds === null || stones === null) return SYNTAX_ERROR;
    if (mainSeconds < 0 || byoYomiSeconds < 0) return SYNTAX_ERROR;
    this.clocks.set({ mainSeconds, byoYomiSeconds, stones });
    return done();
  }

  private timeLeft([colorText, leftText, stonesText]: readonly string[]): Answer {
    const color = parseColor(colorText);
    const leftSeconds = parseReal(leftText);
    const stones = parseWhole(stonesText);
    if (color === null || leftSeconds === null || stones === null) return SYNTAX_ERROR;
    this.clocks.correct(color, { leftSeconds, stones });
    return done();
  }

  /** Points of dead stones. */
  private async dead(): Promise<number[]> {
    const { position } = this.game;
    return deadStones(position, await this.options.ownershipBlack(position));
  }

  private async finalScore(): Promise<Answer> {
    const { scoreBlack } = scorePosition(this.game.position, await this.dead());
    return done(formatScore(scoreBlack));
  }

  /** Chains on lines of their own, as the protocol wants. Seki is not told from life. */
  private async finalStatusList(status: string | undefined): Promise<Answer> {
    if (status !== 'alive' && status !== 'dead' && status !== 'seki') return SYNTAX_ERROR;
    const { board } = this.game.position;
    const dead = new Set(await this.dead());
    const firsts = [...board.stones.keys()].filter(
      (p) => board.stones[p] !== 0 && board.chainId(p) === p && dead.has(p) === (status === 'dead'),
    );
    if (status === 'seki') return done();
    return done(firsts.map((p) => this.vertices(board.chainStones(p).toSorted((a, b) => a - b))).join('\n'));
  }

  /** The name of the file may have spaces, so that only a last whole number is a move. */
  private async loadSgf(args: readonly string[]): Promise<Answer> {
    if (args.length === 0) return SYNTAX_ERROR;
    const before = args.length > 1 ? parseWhole(args.at(-1)) : null;
    const file = (before === null ? args : args.slice(0, -1)).join(' ');
    const loaded = await loadGame(file, before ?? Infinity);
    if (!loaded.ok) return refuse(loaded.message);
    this.game = loaded.game;
    return done();
  }
}
