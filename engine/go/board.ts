/** Stones, chains, liberties, simple ko and hash of one board, kept up to date move by move and undoable. */
import { Chains } from './chains.ts';
import { EMPTY, opponent } from './color.ts';
import type { Color } from './color.ts';
import { neighborTable } from './neighbors.ts';
import { MAX_BOARD_SIDE, MIN_BOARD_SIDE, isBoardSide } from './size.ts';
import { ZOBRIST_HI, ZOBRIST_LO, zobristIndex } from './zobrist.ts';

/** Entries of the log behind the stones that a move took: how many, the ko before it, its colour and its point. */
const LOG_TAIL = 4;
const EMPTY_LOG = new Int16Array(0);

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
  /** Moves that `undo` takes back, oldest first: for each the stones it took, and `LOG_TAIL` entries. */
  private log: Int16Array = EMPTY_LOG;
  private logEnd = 0;

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
    this.logEnd = 0;
  }

  /** Becomes what another board of this size was before its last `moves` moves, of those that it can undo. */
  copyEarlier(other: Board, moves: number): void {
    this.copyFrom(other);
    let end = other.logEnd;
    for (let i = 0; i < moves; i++) end = this.revert(other.log, end);
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
    const result: number[] = [];
    if (this.stones[point] === EMPTY) return result;
    let p = point;
    do {
      result.push(p);
      p = this.chains.nextAt(p);
    } while (p !== point);
    return result;
  }

  /** Another stone of the chain at `point`, which holds one: asked again and again it walks the chain back to `point`. */
  nextStone(point: number): number {
    return this.chains.nextAt(point);
  }

  /**
   * The empty points beside the chain at `point`, which holds a stone, written to `out` from `at` on.
   * @returns the end of what was written.
   */
  copyLiberties(point: number, out: Int16Array, at: number): number {
    return this.chains.copyLiberties(point, out, at);
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
      let p = q;
      do {
        toggle(p, leaving);
        p = this.chains.nextAt(p);
      } while (p !== q);
    }
    return { hi: hi >>> 0, lo: lo >>> 0 };
  }

  /**
   * Plays a legal move (`area` = pass).
   * @returns how many stones left the board, the mover's own where the move is suicide.
   */
  play(point: number, color: Color): number {
    const koBefore = this.koPoint;
    this.koPoint = -1;
    this.reserveLog();
    if (point === this.area) return this.logMove(point, color, koBefore, 0);
    if (this.stones[point] !== EMPTY)
      throw new Error(`internal: play on occupied point ${point} of ${this.width}x${this.height}`);
    const first = this.logEnd;
    const enemy = opponent(color);
    this.put(point, color);
    this.chains.join(point, color);
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) break;
      if (this.stones[q] !== enemy || this.chains.seenBefore(n, 4 * point)) continue;
      if (this.chains.loseLiberty(q) === 0) this.removeChain(q);
    }
    const liberties = this.liberties(point);
    if (liberties === 0) {
      this.removeChain(point);
      this.captures[enemy] += this.logEnd - first;
    } else {
      this.captures[color] += this.logEnd - first;
      if (this.logEnd - first === 1 && liberties === 1 && this.chains.sizeAt(point) === 1)
        this.koPoint = this.log[first];
    }
    return this.logMove(point, color, koBefore, this.logEnd - first);
  }

  /** Takes the last `play` back. */
  undo(): void {
    if (this.logEnd === 0) throw new Error('internal: undo without a move');
    this.logEnd = this.revert(this.log, this.logEnd);
  }

  /** Takes back the move that ends at `end` of a log. @returns where it begins. */
  private revert(log: Int16Array, end: number): number {
    const removed = log[end - LOG_TAIL];
    const point = log[end - 1];
    this.koPoint = log[end - 3];
    const [first, last] = [end - LOG_TAIL - removed, end - LOG_TAIL];
    if (point === this.area) return first;
    const color = log[end - 2] as Color;
    // Only suicide leaves the point of the move empty.
    const removedColor = this.stones[point] === EMPTY ? color : opponent(color);
    this.captures[opponent(removedColor)] -= removed;
    this.chains.reclaim(log, first, last);
    for (let i = first; i < last; i++) this.put(log[i], removedColor);
    this.chains.restore(log, first, last);
    this.take(point);
    this.chains.part(point, color);
    return first;
  }

  /** Puts a set-up stone, or clears the point with 0. Forgets undo history and ko; removes nothing. */
  place(point: number, color: 0 | Color): void {
    const affected = [...this.chainStones(point), point];
    if (this.stones[point] !== EMPTY) this.take(point);
    if (color !== EMPTY) this.put(point, color);
    this.chains.rebuildAt(affected);
    this.logEnd = 0;
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

  /** Takes a chain off into the log, and gives its points as liberties to the chains around it. */
  private removeChain(point: number): void {
    const first = this.logEnd;
    let p = point;
    do {
      this.log[this.logEnd++] = p;
      this.take(p);
      p = this.chains.nextAt(p);
    } while (p !== point);
    this.chains.release(this.log, first, this.logEnd);
  }

  /** Room for a move that takes every stone. */
  private reserveLog(): void {
    if (this.logEnd + this.area + LOG_TAIL <= this.log.length) return;
    const larger = new Int16Array(2 * this.log.length + this.area + LOG_TAIL);
    larger.set(this.log);
    this.log = larger;
  }

  /** Ends a move's part of the log. @returns `removed`. */
  private logMove(point: number, color: Color, koBefore: number, removed: number): number {
    this.log[this.logEnd++] = removed;
    this.log[this.logEnd++] = koBefore;
    this.log[this.logEnd++] = color;
    this.log[this.logEnd++] = point;
    return removed;
  }
}
