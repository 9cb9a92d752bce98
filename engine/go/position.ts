/** A moment of a game, immutable: board, rules, history with superko, passes and the end of the game. */
import { Board } from './board.ts';
import { BLACK, WHITE, opponent } from './color.ts';
import type { Color } from './color.ts';
import type { Rules } from './rules.ts';
import { superkoKey } from './superko.ts';
import type { IllegalReason, Move, PositionView } from './view.ts';

export type StartOptions = {
  readonly width: number;
  readonly height: number;
  readonly rules: Rules;
  /** Black stones placed before White's first move. */
  readonly handicapStones?: readonly number[];
  /** Stones set up without being handicap, as in problems. */
  readonly setup?: { readonly black: readonly number[]; readonly white: readonly number[] };
  readonly toPlay?: Color;
  /** Of a game of whose moves before nothing but the stones is known: how many they were, and its handicap, which no stones show. */
  readonly before?: { readonly moves: number; readonly handicap: number };
};

export type PlayResult =
  { readonly ok: true; readonly position: Position } | { readonly ok: false; readonly reason: IllegalReason };

export class Position implements PositionView {
  readonly board: Board;
  readonly rules: Rules;
  readonly toPlay: Color;
  readonly moveNumber: number;
  readonly consecutivePasses: number;
  readonly handicap: number;
  readonly previous: Position | null;
  /** The move that led here, or -1 at the start. */
  readonly lastMove: Move;

  private constructor(fields: {
    board: Board;
    rules: Rules;
    toPlay: Color;
    consecutivePasses: number;
    handicap: number;
    previous: Position | null;
    lastMove: Move;
    moveNumber: number;
  }) {
    this.board = fields.board;
    this.rules = fields.rules;
    this.toPlay = fields.toPlay;
    this.consecutivePasses = fields.consecutivePasses;
    this.handicap = fields.handicap;
    this.previous = fields.previous;
    this.lastMove = fields.lastMove;
    this.moveNumber = fields.moveNumber;
  }

  /** @throws RangeError when a stone lies off the board, on another, or leaves a chain without liberties. */
  static start(options: StartOptions): Position {
    const { width, height, rules, handicapStones = [], setup = { black: [], white: [] } } = options;
    const board = new Board(width, height);
    const stones: [number, Color][] = [
      ...[...handicapStones, ...setup.black].map((p): [number, Color] => [p, BLACK]),
      ...setup.white.map((p): [number, Color] => [p, WHITE]),
    ];
    for (const [p, color] of stones) {
      if (!Number.isInteger(p) || p < 0 || p >= board.area || board.stones[p] !== 0)
        throw new RangeError(
          `Set-up stone at point ${p} is off the ${width}x${height} board or on another stone.`,
        );
      board.place(p, color);
    }
    const dead = stones.find(([p]) => board.liberties(p) === 0);
    if (dead) throw new RangeError(`The set-up chain at point ${dead[0]} has no liberties.`);
    const toPlay = options.toPlay ?? (handicapStones.length > 0 ? WHITE : BLACK);
    return new Position({
      board,
      rules,
      toPlay,
      consecutivePasses: 0,
      handicap: options.before?.handicap ?? handicapStones.length,
      previous: null,
      lastMove: -1,
      moveNumber: options.before?.moves ?? 0,
    });
  }

  get passMove(): Move {
    return this.board.area;
  }

  /** Two passes in a row end the game. */
  get isOver(): boolean {
    return this.consecutivePasses >= 2;
  }

  recentMove(pliesAgo: number): Move {
    return this.inTurn(pliesAgo)?.lastMove ?? -1;
  }

  boardBefore(pliesAgo: number): Board | null {
    const after = this.inTurn(pliesAgo - 1);
    return after === null || after.lastMove < 0 ? null : (after.previous?.board ?? null);
  }

  /** The moves from the start to here, passes included. */
  moves(): Move[] {
    const moves: Move[] = [];
    for (let p: Position | null = this; p !== null; p = p.previous)
      if (p.lastMove >= 0) moves.push(p.lastMove);
    return moves.reverse();
  }

  /** Why `color` may not play `move`, or null where it may. */
  legality(move: Move, color: Color = this.toPlay): IllegalReason | null {
    if (this.isOver) return 'game-over';
    if (!Number.isInteger(move) || move < 0 || move > this.board.area) return 'off-board';
    if (move === this.board.area) return null;
    if (this.board.stones[move] !== 0) return 'occupied';
    if (this.rules.ko === 'simple' && color === this.toPlay && move === this.board.koPoint) return 'ko';
    if (!this.rules.suicide && this.board.isSuicide(move, color)) return 'suicide';
    if (this.rules.ko !== 'simple' && this.makesKnownBoard(move, color)) return 'superko';
    return null;
  }

  isLegal(move: Move): boolean {
    return this.legality(move) === null;
  }

  repeats(point: number): boolean {
    return this.rules.ko !== 'simple' && this.makesKnownBoard(point, this.toPlay);
  }

  /** Every legal move in index order, pass last; empty when the game is over. */
  legalMoves(): Move[] {
    return Array.from({ length: this.board.area + 1 }, (_, move) => move).filter((move) =>
      this.isLegal(move),
    );
  }

  play(move: Move, color: Color = this.toPlay): PlayResult {
    const reason = this.legality(move, color);
    if (reason !== null) return { ok: false, reason };
    const board = this.board.clone();
    board.play(move, color);
    const consecutivePasses = move === this.board.area ? this.consecutivePasses + 1 : 0;
    return { ok: true, position: this.next(board, opponent(color), consecutivePasses, move) };
  }

  /**
   * The same position with its passes forgotten, so that a game that ended can be played on, by either side. A simple ko
   * binds only whoever was to move.
   */
  resume(toPlay: Color = this.toPlay): Position {
    if (toPlay === this.toPlay || this.board.koPoint < 0) return this.next(this.board, toPlay, 0, -1);
    const board = this.board.clone();
    board.koPoint = -1;
    return this.next(board, toPlay, 0, -1);
  }

  private next(board: Board, toPlay: Color, consecutivePasses: number, lastMove: Move): Position {
    const { rules, handicap } = this;
    const moveNumber = this.moveNumber + (lastMove < 0 ? 0 : 1);
    return new Position({
      board,
      rules,
      toPlay,
      consecutivePasses,
      handicap,
      previous: this,
      lastMove,
      moveNumber,
    });
  }

  /** The position `plies` moves ago, as long as the players took turns. */
  private inTurn(plies: number): Position | null {
    let position: Position = this;
    for (let i = 0; i < plies; i++) {
      const { previous, lastMove, toPlay } = position;
      if (previous === null || lastMove < 0 || previous.toPlay === toPlay) return null;
      position = previous;
    }
    return position;
  }

  /** Positional superko forbids any earlier arrangement of stones, situational only with the same side to move. */
  private makesKnownBoard(move: Move, color: Color): boolean {
    const { rules, board } = this;
    const after = board.hashAfter(move, color);
    const key = superkoKey(rules, after.hi, after.lo, opponent(color));
    for (let p: Position | null = this; p !== null; p = p.previous)
      if (superkoKey(rules, p.board.hashHi, p.board.hashLo, p.toPlay) === key) return true;
    return false;
  }
}
