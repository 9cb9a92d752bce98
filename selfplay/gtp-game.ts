/** The game that a GTP engine keeps: its set-up, its moves in any order of colours, and undo. */
import { WHITE, type Color } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import type { Rules } from '#engine/go/rules.ts';
import type { Move } from '#engine/go/view.ts';
import { startOf } from '#engine/record/game-record.ts';
import type { GameMoves, GameStart } from '#engine/record/game-record.ts';
import { freeHandicap, playTolerantly, withHandicap } from '#engine/record/tolerant-game.ts';

type Ply = { readonly color: Color; readonly move: Move };

export class GtpGame {
  readonly setup: GameStart;
  private readonly plies: Ply[] = [];
  /** The start and the position after each ply. Those within a handicap are never asked for: `undo` plays again what leads to them. */
  private readonly positions: Position[];

  /** Throws RangeError where the set-up stones are impossible. */
  constructor(setup: GameStart) {
    this.setup = setup;
    this.positions = [startOf(setup)];
  }

  /** A game on an empty board with free or fixed handicap stones. */
  static withHandicap(setup: GameStart, stones: readonly number[]): GtpGame {
    const placed = { black: stones, white: [] };
    return new GtpGame({ ...setup, handicap: stones.length, setup: placed, toPlay: WHITE });
  }

  get position(): Position {
    return this.positions[this.positions.length - 1];
  }

  /** The game as plain data, the stones with which Black began as its handicap. */
  get record(): GameMoves {
    return withHandicap(this.played, freeHandicap(this.played));
  }

  /** Stones taken so far, by the side that took them: [0, Black, White]. */
  get captures(): ArrayLike<number> {
    const board = this.positions[0].board.clone();
    for (const { color, move } of this.plies) board.play(move, color);
    return board.captures;
  }

  get isEmpty(): boolean {
    return this.position.board.stones.every((stone) => stone === 0);
  }

  /** Plays for either colour, on after two passes, and against ko, superko and the ban on suicide; false where the move is none. */
  play(color: Color, move: Move): boolean {
    const next = playTolerantly(this.position, move, color);
    if (next === null) return false;
    const before = freeHandicap(this.played);
    this.plies.push({ color, move });
    this.positions.push(next.position);
    if (freeHandicap(this.played) !== before) this.replay();
    return true;
  }

  /** False at the start of the game. */
  undo(): boolean {
    const before = freeHandicap(this.played);
    if (this.plies.pop() === undefined) return false;
    this.positions.pop();
    if (freeHandicap(this.played) !== before) this.replay();
    return true;
  }

  /** The position with `color` to move, whose turn it need not be; nobody has passed for that. */
  positionFor(color: Color): Position {
    const { position } = this;
    return position.isOver || position.toPlay !== color ? position.resume(color) : position;
  }

  /** The same moves under other rules. The one that only some rules know, the suicide of a single stone, is a pass elsewhere. */
  underRules(rules: Rules): GtpGame {
    const game = new GtpGame({ ...this.setup, rules });
    for (const { color, move } of this.plies)
      if (!game.play(color, move)) game.play(color, game.position.passMove);
    return game;
  }

  /** Plays all moves again, now that more or fewer of the first are a handicap. */
  private replay(): void {
    const given = freeHandicap(this.played);
    this.positions.length = 1;
    for (const [ply, { color, move }] of this.plies.entries()) {
      const next =
        ply + 1 === given
          ? startOf(withHandicap(this.played, given))
          : playTolerantly(this.position, move, color)?.position;
      if (next === undefined) throw new Error(`internal: move ${move} of ply ${ply} was legal and is not`);
      this.positions.push(next);
    }
  }

  private get played(): GameMoves {
    return { ...this.setup, moves: this.plies };
  }
}
