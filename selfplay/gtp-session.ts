/** What the commands of a GTP engine share: the game, the clocks, and what was asked for. */
import { BLACK, EMPTY } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Rules } from '#engine/go/rules.ts';
import { formatMove, parseMove } from '#engine/record/coordinates.ts';
import { refuse, done, type Answer } from './gtp-answer.ts';
import { GtpClocks } from './gtp-clock.ts';
import { GtpGame } from './gtp-game.ts';
import type { GenMoveOptions, Player, PlayerMove } from './player.ts';

export type GtpEngineOptions = {
  readonly player: Pick<Player, 'genMove'>;
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

export class GtpSession {
  readonly options: GtpEngineOptions;
  readonly clocks = new GtpClocks();
  game: GtpGame;
  /** How long the player has thought about moves, in all. */
  thinkingMs = 0;

  constructor(options: GtpEngineOptions) {
    this.options = options;
    this.game = this.emptyGame(options.size, options.size, options.rules);
  }

  get rules(): Rules {
    return this.game.setup.rules;
  }

  emptyGame(width: number, height: number, rules: Rules): GtpGame {
    return new GtpGame({ width, height, rules, handicap: 0, setup: { black: [], white: [] }, toPlay: BLACK });
  }

  changeRules(rules: Rules): Answer {
    const game = this.game.underRules(rules);
    if (game === null) return refuse('the moves played so far are illegal under these rules');
    this.game = game;
    return done();
  }

  /** The move that `text` names on this board; null for none. */
  vertex(text: string | undefined): number | null {
    return text === undefined ? null : parseMove(text, this.game.setup.width, this.game.setup.height);
  }

  vertices(points: readonly number[], separator = ' '): string {
    const { width, height } = this.game.setup;
    return points.map((point) => formatMove(point, width, height)).join(separator);
  }

  /** The player's move for `color` within its time, which is taken off its clock; the move is not played. */
  async think(color: Color, wishes: Partial<GenMoveOptions>): Promise<PlayerMove> {
    const { player, rng, now } = this.options;
    const position = this.game.positionFor(color);
    const budgetMs = this.clocks.budgetMs(
      color,
      position.board.stones.filter((stone) => stone === EMPTY).length,
    );
    const started = now();
    const answer = await player.genMove(position, {
      rng,
      ...(budgetMs === Infinity ? {} : { budgetMs }),
      ...wishes,
    });
    const spentMs = now() - started;
    this.clocks.spend(color, spentMs, budgetMs);
    this.thinkingMs += spentMs;
    return answer;
  }
}
