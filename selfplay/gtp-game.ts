/** The game that a GTP engine keeps: its set-up, its moves in any order of colours, and undo. */
import { WHITE, type Color } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import type { Rules } from '#engine/go/rules.ts';
import type { Move } from '#engine/go/view.ts';
import { startOf } from '#engine/record/game-record.ts';
import type { GameMoves, GameStart } from '#engine/record/game-record.ts';

type Ply = { readonly color: Color; readonly move: Move };

export class GtpGame {
  readonly setup: GameStart;
  private readonly plies: Ply[] = [];
  /** The start and the position after each ply. */
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

  /** The game as plain data. */
  get record(): GameMoves {
    return { ...this.setup, moves: this.plies };
  }

  get isEmpty(): boolean {
    return this.position.board.stones.every((stone) => stone === 0);
  }

  /** Plays for either colour, and on after two passes; false where the move is illegal. */
  play(color: Color, move: Move): boolean {
    const from = this.position.isOver ? this.position.resume() : this.position;
    const played = from.play(move, color);
    if (!played.ok) return false;
    this.plies.push({ color, move });
    this.positions.push(played.position);
    return true;
  }

  /** False at the start of the game. */
  undo(): boolean {
    if (this.plies.pop() === undefined) return false;
    this.positions.pop();
    return true;
  }

  /** The position with `color` to move, whose turn it need not be; nobody has passed for that. */
  positionFor(color: Color): Position {
    const { position } = this;
    return position.isOver || position.toPlay !== color ? position.resume(color) : position;
  }

  /** The same moves under other rules; null where one of them is illegal there. */
  underRules(rules: Rules): GtpGame | null {
    const game = new GtpGame({ ...this.setup, rules });
    return this.plies.every(({ color, move }) => game.play(color, move)) ? game : null;
  }
}
