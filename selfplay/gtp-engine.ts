/** Any player as a GTP engine: one command in, one answer out. Commands as in GTP 2, with KataGo's for rules. */
import { BLACK, WHITE } from '#engine/go/color.ts';
import { handicapPoints, maxHandicap } from '#engine/go/handicap.ts';
import type { Position } from '#engine/go/position.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Rules } from '#engine/go/rules.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import type { Move } from '#engine/go/view.ts';
import { formatMove, parseMove } from '#engine/record/coordinates.ts';
import { formatDiagram } from '#engine/record/diagram.ts';
import { formatFailure, formatSuccess, parseColor, parseCommand } from '#engine/record/gtp.ts';
import { formatScore } from '#engine/record/result.ts';
import { formatRules, parseRules } from '#engine/record/rules-text.ts';
import { deadStones } from '#engine/search/dead-stones.ts';
import { afterMove, moveBudgetMs, startClock, type Clock, type TimeSettings } from './gtp-clock.ts';
import { GtpGame } from './gtp-game.ts';
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
};

/** `quit`: the answer is the last one. */
export type GtpReply = { readonly text: string; readonly quit: boolean };

type Answer = { readonly ok: boolean; readonly text: string };
const done = (text = ''): Answer => ({ ok: true, text });
const refuse = (text: string): Answer => ({ ok: false, text });
const SYNTAX_ERROR = refuse('syntax error');

/** Digits with an optional sign and fraction: Number() alone also takes '', '0x10' and 'Infinity'. */
function parseReal(text: string | undefined): number | null {
  return text !== undefined && /^[-+]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : null;
}

function parseWhole(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

export class GtpEngine {
  private readonly options: GtpEngineOptions;
  private game: GtpGame;
  private time: TimeSettings | null = null;
  /** Clocks of Black and White, at index colour - 1. */
  private clocks: [Clock | null, Clock | null] = [null, null];
  private readonly commands: ReadonlyMap<string, (args: readonly string[]) => Answer | Promise<Answer>>;

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
        'kata-get-rules': () => done(JSON.stringify(kataRules(this.rules))),
        'kata-set-rules': (args) => this.setRules(args.join(' ')),
      } satisfies Record<string, (args: readonly string[]) => Answer | Promise<Answer>>),
    );
  }

  /** Answers one line; null for a line that holds no command. Never rejects: a failing player is an answer too. */
  async handle(line: string): Promise<GtpReply | null> {
    const command = parseCommand(line);
    if (command === null) return null;
    const run = this.commands.get(command.name);
    if (run === undefined) return { text: formatFailure(command.id, 'unknown command'), quit: false };
    let answer: Answer;
    try {
      answer = await run(command.args);
    } catch (error) {
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
    if (Math.min(width, height) < 2 || Math.max(width, height) > 25) return refuse('unacceptable size');
    this.game = this.emptyGame(width, height, this.rules);
    return done();
  }

  private clearBoard(): Answer {
    const { width, height } = this.game.setup;
    this.game = this.emptyGame(width, height, this.rules);
    this.resetClocks();
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
    const clock = this.clocks[color - 1];
    const empty = position.board.stones.filter((stone) => stone === 0).length;
    const started = this.options.now();
    const { rng } = this.options;
    const { move } = await this.options.player.genMove(
      position,
      clock === null ? { rng } : { rng, budgetMs: moveBudgetMs(clock, empty) },
    );
    if (clock !== null && this.time !== null)
      this.clocks[color - 1] = afterMove(clock, (this.options.now() - started) / 1000, this.time);
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
    if (!this.game.isEmpty) return refuse('board not empty');
    const { width, height } = this.game.setup;
    const count = fewerIsFine ? Math.min(asked, maxHandicap(width, height)) : asked;
    if (count < 2 || count > maxHandicap(width, height)) return refuse('invalid number of stones');
    const stones = handicapPoints(count, width, height);
    this.game = GtpGame.withHandicap(this.game.setup, stones);
    return done(this.vertices(stones));
  }

  private setFreeHandicap(args: readonly string[]): Answer {
    if (!this.game.isEmpty) return refuse('board not empty');
    const { width, height } = this.game.setup;
    const points = new Set(args.map((text) => this.vertex(text)));
    const stones = [...points].filter((point) => point !== null && point < width * height) as number[];
    if (stones.length < 2 || stones.length !== args.length || stones.length >= width * height)
      return refuse('bad vertex list');
    this.game = GtpGame.withHandicap(this.game.setup, stones);
    return done();
  }

  private resetClocks(): void {
    const clock = this.time === null ? null : startClock(this.time);
    this.clocks = [clock, clock];
  }

  private timeSettings(args: readonly string[]): Answer {
    const [main, byoYomi] = args.map(parseReal);
    const stones = parseWhole(args[2]);
    if (typeof main !== 'number' || typeof byoYomi !== 'number' || stones === null || main < 0 || byoYomi < 0)
      return SYNTAX_ERROR;
    this.time = { main, byoYomi, stones };
    this.resetClocks();
    return done();
  }

  private timeLeft([colorText, leftText, stonesText]: readonly string[]): Answer {
    const color = parseColor(colorText);
    const left = parseReal(leftText);
    const stones = parseWhole(stonesText);
    if (color === null || left === null || stones === null) return SYNTAX_ERROR;
    this.clocks[color - 1] = { left, stones };
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

  private async loadSgf([file, moveText]: readonly string[]): Promise<Answer> {
    const before = moveText === undefined ? Infinity : parseWhole(moveText);
    if (file === undefined || before === null) return SYNTAX_ERROR;
    const loaded = await loadGame(file, before);
    if (!loaded.ok) return refuse(loaded.message);
    this.game = loaded.game;
    return done();
  }
}

/** Rules in the JSON of KataGo's GTP extensions. */
function kataRules(rules: Rules): Record<string, string | boolean> {
  const bonus = { none: '0', n: 'N', 'n-1': 'N-1' }[rules.handicapBonus];
  return {
    ko: rules.ko.toUpperCase(),
    scoring: rules.scoring.toUpperCase(),
    tax: rules.tax.toUpperCase(),
    suicide: rules.suicide,
    hasButton: false,
    whiteHandicapBonus: bonus,
  };
}
