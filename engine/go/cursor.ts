/** A position that moves: played on and taken back in place, for search and playouts. */
import type { Board } from './board.ts';
import { opponent } from './color.ts';
import type { Color } from './color.ts';
import { Position } from './position.ts';
import type { Rules } from './rules.ts';
import { superkoKey } from './superko.ts';
import type { Move, PositionView } from './view.ts';

export class PositionCursor implements PositionView {
  readonly board: Board;
  readonly rules: Rules;
  readonly handicap: number;
  toPlay: Color;
  consecutivePasses: number;
  moveNumber: number;
  /** Moves played on this cursor and not taken back. */
  depth = 0;
  /** Moves that led here, oldest first, those of the position it began from included. */
  private readonly recent: Move[];
  /** Superko keys of every arrangement so far, the present one included; empty under simple ko. */
  private readonly keys: number[];
  private readonly passesBefore: number[] = [];

  constructor(from: Position | PositionCursor) {
    this.board = from.board.clone();
    this.rules = from.rules;
    this.handicap = from.handicap;
    this.toPlay = from.toPlay;
    this.consecutivePasses = from.consecutivePasses;
    this.moveNumber = from.moveNumber;
    if (from instanceof PositionCursor) {
      this.recent = [...from.recent];
      this.keys = [...from.keys];
      return;
    }
    this.recent = from.moves();
    this.keys = [];
    if (this.rules.ko !== 'simple')
      for (let p: Position | null = from; p !== null; p = p.previous)
        this.keys.push(superkoKey(this.rules, p.board.hashHi, p.board.hashLo, p.toPlay));
  }

  get isOver(): boolean {
    return this.consecutivePasses >= 2;
  }

  recentMove(pliesAgo: number): Move {
    return this.recent[this.recent.length - 1 - pliesAgo] ?? -1;
  }

  isLegal(move: Move): boolean {
    if (this.isOver || move < 0 || move > this.board.area) return false;
    if (move === this.board.area) return true;
    const { board, rules, toPlay } = this;
    if (board.stones[move] !== 0) return false;
    if (rules.ko === 'simple' && move === board.koPoint) return false;
    if (!rules.suicide && board.isSuicide(move, toPlay)) return false;
    if (rules.ko === 'simple') return true;
    const after = board.hashAfter(move, toPlay);
    return !this.keys.includes(superkoKey(rules, after.hi, after.lo, opponent(toPlay)));
  }

  /** Plays a legal move for the side to play; legality is the caller's. */
  play(move: Move): void {
    this.board.play(move, this.toPlay);
    this.passesBefore.push(this.consecutivePasses);
    this.consecutivePasses = move === this.board.area ? this.consecutivePasses + 1 : 0;
    this.toPlay = opponent(this.toPlay);
    this.recent.push(move);
    this.moveNumber++;
    this.depth++;
    if (this.rules.ko !== 'simple')
      this.keys.push(superkoKey(this.rules, this.board.hashHi, this.board.hashLo, this.toPlay));
  }

  /** Takes the last `play` of this cursor back. */
  undo(): void {
    const passes = this.passesBefore.pop();
    if (passes === undefined) throw new Error('internal: undo past the start of a cursor');
    this.board.undo();
    this.consecutivePasses = passes;
    this.toPlay = opponent(this.toPlay);
    this.recent.pop();
    this.moveNumber--;
    this.depth--;
    if (this.rules.ko !== 'simple') this.keys.pop();
  }

  /** A copy that later moves of this cursor do not touch. */
  snapshot(): PositionCursor {
    return new PositionCursor(this);
  }
}
