/** A position that moves: played on and taken back in place, for search and playouts. */
import { Board } from './board.ts';
import { opponent } from './color.ts';
import type { Color } from './color.ts';
import { Position } from './position.ts';
import type { Rules } from './rules.ts';
import { superkoKey } from './superko.ts';
import type { Move, PositionView } from './view.ts';

/** A game of 1,000 moves fills a quarter of the hashes. */
const HASH_MASK = 4095;

export class PositionCursor implements PositionView {
  readonly board: Board;
  readonly rules: Rules;
  readonly handicap: number;
  toPlay: Color;
  consecutivePasses: number;
  moveNumber: number;
  /** Moves played on this cursor and not taken back. */
  depth = 0;
  private readonly start: Position;
  /** [depth], oldest first. */
  private readonly played: Move[] = [];
  /** Superko keys of every arrangement so far, the present one included; empty under simple ko. */
  private readonly keys: number[] = [];
  /** How many of the arrangements have a hash with these low bits: mostly none, which spares a search in `keys`. */
  private readonly hashes = new Uint16Array(HASH_MASK + 1);
  private readonly passesBefore: number[] = [];
  /** What `boardBefore` shows. */
  private readonly earlier: Board;

  constructor(start: Position) {
    this.start = start;
    this.board = start.board.clone();
    this.earlier = new Board(start.board.width, start.board.height);
    this.rules = start.rules;
    this.handicap = start.handicap;
    this.toPlay = start.toPlay;
    this.consecutivePasses = start.consecutivePasses;
    this.moveNumber = start.moveNumber;
    if (this.rules.ko !== 'simple')
      for (let p: Position | null = start; p !== null; p = p.previous) this.remember(p.board, p.toPlay);
  }

  get isOver(): boolean {
    return this.consecutivePasses >= 2;
  }

  recentMove(pliesAgo: number): Move {
    const { depth } = this;
    return pliesAgo < depth ? this.played[depth - 1 - pliesAgo] : this.start.recentMove(pliesAgo - depth);
  }

  boardBefore(pliesAgo: number): Board | null {
    if (pliesAgo === this.depth) return this.start.board;
    if (pliesAgo > this.depth) return this.start.boardBefore(pliesAgo - this.depth);
    this.earlier.copyEarlier(this.board, pliesAgo);
    return this.earlier;
  }

  isLegal(move: Move): boolean {
    if (this.isOver || move < 0 || move > this.board.area) return false;
    if (move === this.board.area) return true;
    const { board, rules, toPlay } = this;
    if (board.stones[move] !== 0) return false;
    if (rules.ko === 'simple' && move === board.koPoint) return false;
    if (!rules.suicide && board.isSuicide(move, toPlay)) return false;
    return !this.repeats(move);
  }

  repeats(point: number): boolean {
    const { rules, board, toPlay } = this;
    if (rules.ko === 'simple') return false;
    const after = board.hashAfter(point, toPlay);
    if (this.hashes[after.lo & HASH_MASK] === 0) return false;
    return this.keys.includes(superkoKey(rules, after.hi, after.lo, opponent(toPlay)));
  }

  /** Plays a legal move for the side to play; legality is the caller's. */
  play(move: Move): void {
    this.board.play(move, this.toPlay);
    this.passesBefore.push(this.consecutivePasses);
    this.consecutivePasses = move === this.board.area ? this.consecutivePasses + 1 : 0;
    this.toPlay = opponent(this.toPlay);
    this.played.push(move);
    this.moveNumber++;
    this.depth++;
    if (this.rules.ko !== 'simple') this.remember(this.board, this.toPlay);
  }

  /** Takes the last `play` of this cursor back. */
  undo(): void {
    const passes = this.passesBefore.pop();
    if (passes === undefined) throw new Error('internal: undo past the start of a cursor');
    if (this.rules.ko !== 'simple') {
      this.keys.pop();
      this.hashes[this.board.hashLo & HASH_MASK]--;
    }
    this.board.undo();
    this.consecutivePasses = passes;
    this.toPlay = opponent(this.toPlay);
    this.played.pop();
    this.moveNumber--;
    this.depth--;
  }

  private remember(board: Board, toPlay: Color): void {
    this.keys.push(superkoKey(this.rules, board.hashHi, board.hashLo, toPlay));
    this.hashes[board.hashLo & HASH_MASK]++;
  }
}
