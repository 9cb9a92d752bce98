/** Stones, chains, liberties, simple ko and hash of one board, kept up to date move by move and undoable. */
import { Chains } from './chains.ts';
import { EMPTY, opponent } from './color.ts';
import type { Color } from './color.ts';
import { neighborTable } from './neighbors.ts';
import { MAX_BOARD_SIDE, MIN_BOARD_SIDE, isBoardSide } from './size.ts';
import { ZOBRIST_HI, ZOBRIST_LO, zobristIndex } from './zobrist.ts';

/** Shared by the many moves that take nothing off; never written. */
const NONE: number[] = [];

type Undo = { point: number; color: Color; removed: number[]; removedColor: Color; koPoint: number };

export class Board {
  readonly width: number;
  readonly height: number;
  readonly area: number;
  /** [area], 0 empty, 1 black, 2 white. Live: read only. */
  readonly stones: Uint8Array;
  /** [4 * area], the up to four neighbours of each point, padded with -1. */
  readonly neighbors: Int16Array;
  /** Zobrist hash of the stones, two unsigned 32-bit halves. */
  hashHi = 0;
  hashLo = 0;
  /** The point that simple ko forbids to the side that moves next, or -1. */
  koPoint = -1;
  /** Stones captured so far, indexed by the colour that took them. */
  readonly captures: [number, number, number] = [0, 0, 0];
  private readonly chains: Chains;
  private readonly history: Undo[] = [];

  /** @param width @param height lines, each `MIN_BOARD_SIDE` to `MAX_BOARD_SIDE`. @throws RangeError otherwise. */
  constructor(width: number, height: number) {
    for (const side of [width, height])
      if (!isBoardSide(side))
        throw new RangeError(
          `Board side ${side} is not a whole number from ${MIN_BOARD_SIDE} to ${MAX_BOARD_SIDE}.`,
        );
    this.width = width;
    this.height = height;
    this.area = width * height;
    this.stones = new Uint8Array(this.area);
    this.neighbors = neighborTable(width, height);
    this.chains = new Chains(this.stones, this.neighbors);
  }

  /** A copy without undo history. */
  clone(): Board {
    const copy = new Board(this.width, this.height);
    copy.copyFrom(this);
    return copy;
  }

  /** Becomes a copy without undo history of another board of this size. */
  copyFrom(other: Board): void {
    this.stones.set(other.stones);
    this.chains.copyFrom(other.chains);
    this.hashHi = other.hashHi;
    this.hashLo = other.hashLo;
    this.koPoint = other.koPoint;
    this.captures[1] = other.captures[1];
    this.captures[2] = other.captures[2];
    this.history.length = 0;
  }

  /** Becomes what another board of this size was before its last `moves` moves, of those that it can undo. */
  copyEarlier(other: Board, moves: number): void {
    this.copyFrom(other);
    for (let i = other.history.length - 1; i >= other.history.length - moves; i--)
      this.revert(other.history[i]);
  }

  /** Equal for exactly the stones of one chain; -1 on an empty point. */
  chainId(point: number): number {
    return this.chains.idAt(point);
  }

  /** Liberties of the chain at `point`, 0 on an empty point. */
  liberties(point: number): number {
    return this.chains.libertiesAt(point);
  }

  /** The stones of the chain at `point`, empty on an empty point. */
  chainStones(point: number): number[] {
    return this.chains.stonesAt(point);
  }

  /** The empty points beside the chain at `point`. */
  libertyPoints(point: number): number[] {
    return this.chains.libertyPointsAt(point);
  }

  /** Whether a stone of `color` at the empty `point` captures nothing and is left without liberties. */
  isSuicide(point: number, color: Color): boolean {
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) break;
      if (this.stones[q] === EMPTY) return false;
      const inAtari = this.chains.libertiesAt(q) === 1;
      if ((this.stones[q] === color) !== inAtari) return false;
    }
    return true;
  }

  /** Occupancy, simple ko and suicide; superko needs history and is `Position`'s. Pass (`area`) is always legal. */
  isLegal(point: number, color: Color, suicideAllowed: boolean): boolean {
    if (point === this.area) return true;
    if (this.stones[point] !== EMPTY || point === this.koPoint) return false;
    return suicideAllowed || !this.isSuicide(point, color);
  }

  /** The hash of the stones after `play(point, color)`, without playing; `point` is empty. */
  hashAfter(point: number, color: Color): { hi: number; lo: number } {
    let { hashHi: hi, hashLo: lo } = this;
    const toggle = (p: number, of: number): void => {
      hi ^= ZOBRIST_HI[zobristIndex(p, of)];
      lo ^= ZOBRIST_LO[zobristIndex(p, of)];
    };
    const suicide = this.isSuicide(point, color);
    if (!suicide) toggle(point, color);
    const leaving = suicide ? color : opponent(color);
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) break;
      if (this.stones[q] !== leaving || this.liberties(q) !== 1 || this.chains.seenBefore(n, 4 * point))
        continue;
      for (const p of this.chainStones(q)) toggle(p, leaving);
    }
    return { hi: hi >>> 0, lo: lo >>> 0 };
  }

  /**
   * Plays a legal move (`area` = pass).
   * @returns how many stones left the board, the mover's own where the move is suicide.
   */
  play(point: number, color: Color): number {
    const undo: Undo = { point, color, removed: NONE, removedColor: opponent(color), koPoint: this.koPoint };
    this.history.push(undo);
    this.koPoint = -1;
    if (point === this.area) return 0;
    if (this.stones[point] !== EMPTY)
      throw new Error(`internal: play on occupied point ${point} of ${this.width}x${this.height}`);
    this.put(point, color);
    this.chains.join(point, color);
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) break;
      if (this.stones[q] !== undo.removedColor || this.chains.seenBefore(n, 4 * point)) continue;
      if (this.chains.loseLiberty(q) === 0) undo.removed = undo.removed.concat(this.removeChain(q));
    }
    const liberties = this.liberties(point);
    if (liberties === 0) {
      undo.removedColor = color;
      undo.removed = this.removeChain(point);
    } else if (undo.removed.length === 1 && liberties === 1 && this.chains.sizeAt(point) === 1)
      this.koPoint = undo.removed[0];
    this.captures[opponent(undo.removedColor)] += undo.removed.length;
    return undo.removed.length;
  }

  /** Takes the last `play` back. */
  undo(): void {
    const last = this.history.pop();
    if (last === undefined) throw new Error('internal: undo without a move');
    this.revert(last);
  }

  private revert(last: Undo): void {
    this.koPoint = last.koPoint;
    if (last.point === this.area) return;
    this.captures[opponent(last.removedColor)] -= last.removed.length;
    const affected = [...this.chainStones(last.point), ...last.removed, last.point];
    for (const p of last.removed) this.put(p, last.removedColor);
    this.take(last.point);
    this.chains.rebuildAt(affected);
  }

  /** Puts a set-up stone, or clears the point with 0. Forgets undo history and ko; removes nothing. */
  place(point: number, color: 0 | Color): void {
    const affected = [...this.chainStones(point), point];
    if (this.stones[point] !== EMPTY) this.take(point);
    if (color !== EMPTY) this.put(point, color);
    this.chains.rebuildAt(affected);
    this.history.length = 0;
    this.koPoint = -1;
  }

  private put(point: number, color: Color): void {
    this.stones[point] = color;
    this.toggleHash(point, color);
  }

  private take(point: number): void {
    this.toggleHash(point, this.stones[point] as Color);
    this.stones[point] = EMPTY;
  }

  private toggleHash(point: number, color: Color): void {
    const key = zobristIndex(point, color);
    this.hashHi = (this.hashHi ^ ZOBRIST_HI[key]) >>> 0;
    this.hashLo = (this.hashLo ^ ZOBRIST_LO[key]) >>> 0;
  }

  /** Takes a chain off and gives its points as liberties to the chains around it. */
  private removeChain(point: number): number[] {
    const stones = this.chainStones(point);
    for (const p of stones) this.take(p);
    this.chains.release(stones);
    return stones;
  }
}
