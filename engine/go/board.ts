/** Stones, chains, liberties, simple ko and hash of one board, kept up to date move by move and undoable. */
import { EMPTY, opponent } from './color.ts';
import type { Color } from './color.ts';
import { ZOBRIST_HI, ZOBRIST_LO, zobristIndex } from './zobrist.ts';

/** Shared by the many moves that take nothing off; never written. */
const NONE: number[] = [];

type Undo = { point: number; color: Color; removed: number[]; removedColor: Color; koPoint: number };

const neighborTables = new Map<number, Int16Array>();

/** Computed once a size: boards are cloned in hot loops. */
function neighborTable(width: number, height: number): Int16Array {
  const known = neighborTables.get(width * 32 + height);
  if (known) return known;
  const area = width * height;
  const table = new Int16Array(4 * area).fill(-1);
  for (let p = 0; p < area; p++) {
    const x = p % width;
    let n = 4 * p;
    if (p >= width) table[n++] = p - width;
    if (x > 0) table[n++] = p - 1;
    if (x < width - 1) table[n++] = p + 1;
    if (p < area - width) table[n++] = p + width;
  }
  neighborTables.set(width * 32 + height, table);
  return table;
}

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
  private readonly head: Int16Array;
  private readonly next: Int16Array;
  private readonly libertyCount: Int16Array;
  private readonly size: Int16Array;
  private readonly mark: Int32Array;
  private stamp = 0;
  private readonly history: Undo[] = [];

  /** @param width @param height points, each 2 to 25. */
  constructor(width: number, height: number) {
    for (const side of [width, height])
      if (!Number.isInteger(side) || side < 2 || side > 25)
        throw new RangeError(`Board side ${side} is not a whole number from 2 to 25.`);
    this.width = width;
    this.height = height;
    this.area = width * height;
    this.stones = new Uint8Array(this.area);
    this.head = new Int16Array(this.area).fill(-1);
    this.next = new Int16Array(this.area);
    this.libertyCount = new Int16Array(this.area);
    this.size = new Int16Array(this.area);
    this.mark = new Int32Array(this.area);
    this.neighbors = neighborTable(width, height);
  }

  /** A copy without undo history. */
  clone(): Board {
    const copy = new Board(this.width, this.height);
    copy.stones.set(this.stones);
    copy.head.set(this.head);
    copy.next.set(this.next);
    copy.libertyCount.set(this.libertyCount);
    copy.size.set(this.size);
    copy.hashHi = this.hashHi;
    copy.hashLo = this.hashLo;
    copy.koPoint = this.koPoint;
    copy.captures[1] = this.captures[1];
    copy.captures[2] = this.captures[2];
    return copy;
  }

  /** Equal for exactly the stones of one chain; -1 on an empty point. */
  chainId(point: number): number {
    return this.head[point];
  }

  /** Liberties of the chain at `point`, 0 on an empty point. */
  liberties(point: number): number {
    const head = this.head[point];
    return head < 0 ? 0 : this.libertyCount[head];
  }

  /** The stones of the chain at `point`, empty on an empty point. */
  chainStones(point: number): number[] {
    const result: number[] = [];
    if (this.head[point] < 0) return result;
    let p = point;
    do {
      result.push(p);
      p = this.next[p];
    } while (p !== point);
    return result;
  }

  /** The empty points beside the chain at `point`. */
  libertyPoints(point: number): number[] {
    const result: number[] = [];
    if (this.head[point] < 0) return result;
    const stamp = this.nextStamp();
    const count = this.liberties(point);
    let p = point;
    do {
      for (let n = 4 * p; n < 4 * p + 4; n++) {
        const q = this.neighbors[n];
        if (q < 0) break;
        if (this.stones[q] !== EMPTY || this.mark[q] === stamp) continue;
        this.mark[q] = stamp;
        result.push(q);
        if (result.length === count) return result;
      }
      p = this.next[p];
    } while (p !== point);
    return result;
  }

  /** Whether a stone of `color` at the empty `point` captures nothing and is left without liberties. */
  isSuicide(point: number, color: Color): boolean {
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) break;
      if (this.stones[q] === EMPTY) return false;
      const inAtari = this.libertyCount[this.head[q]] === 1;
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
    const stamp = this.nextStamp();
    let { hashHi: hi, hashLo: lo } = this;
    const toggle = (p: number, of: number): void => {
      hi ^= ZOBRIST_HI[zobristIndex(p, of)];
      lo ^= ZOBRIST_LO[zobristIndex(p, of)];
    };
    const toggleChain = (p: number): void => {
      const head = this.head[p];
      if (this.mark[head] === stamp) return;
      this.mark[head] = stamp;
      for (const q of this.chainStones(p)) toggle(q, this.stones[p]);
    };
    const suicide = this.isSuicide(point, color);
    if (!suicide) toggle(point, color);
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) break;
      if (this.stones[q] === (suicide ? color : opponent(color)) && this.liberties(q) === 1) toggleChain(q);
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
    this.join(point, color);
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) break;
      if (this.stones[q] !== undo.removedColor || this.seenBefore(n, 4 * point)) continue;
      if (--this.libertyCount[this.head[q]] === 0) undo.removed = undo.removed.concat(this.removeChain(q));
    }
    const head = this.head[point];
    if (this.libertyCount[head] === 0) {
      undo.removedColor = color;
      undo.removed = this.removeChain(point);
    } else if (undo.removed.length === 1 && this.size[head] === 1 && this.libertyCount[head] === 1)
      this.koPoint = undo.removed[0];
    this.captures[opponent(undo.removedColor)] += undo.removed.length;
    return undo.removed.length;
  }

  /** Takes the last `play` back. */
  undo(): void {
    const last = this.history.pop();
    if (last === undefined) throw new Error('internal: undo without a move');
    this.koPoint = last.koPoint;
    if (last.point === this.area) return;
    this.captures[opponent(last.removedColor)] -= last.removed.length;
    const affected = [...this.chainStones(last.point), ...last.removed, last.point];
    for (const p of last.removed) this.put(p, last.removedColor);
    this.take(last.point);
    this.relinkAt(affected);
  }

  /** Puts a set-up stone, or clears the point with 0. Forgets undo history and ko; removes nothing. */
  place(point: number, color: 0 | Color): void {
    const affected = [...this.chainStones(point), point];
    if (this.stones[point] !== EMPTY) this.take(point);
    if (color !== EMPTY) this.put(point, color);
    this.relinkAt(affected);
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
    this.head[point] = -1;
  }

  private toggleHash(point: number, color: Color): void {
    const key = zobristIndex(point, color);
    this.hashHi = (this.hashHi ^ ZOBRIST_HI[key]) >>> 0;
    this.hashLo = (this.hashLo ^ ZOBRIST_LO[key]) >>> 0;
  }

  /** Whether the chain at entry `n` of the neighbour table stands at an earlier entry from `from` on. */
  private seenBefore(n: number, from: number): boolean {
    const head = this.head[this.neighbors[n]];
    for (let m = from; m < n; m++) if (this.head[this.neighbors[m]] === head) return true;
    return false;
  }

  /** Makes the new stone a chain, or part of the friendly chains beside it, and counts its liberties. */
  private join(point: number, color: Color): void {
    let joined = -1;
    let chains = 0;
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) break;
      if (this.stones[q] !== color || this.seenBefore(n, 4 * point)) continue;
      chains++;
      const head = this.head[q];
      if (joined < 0 || this.size[head] > this.size[joined]) joined = head;
    }
    if (chains > 1) {
      this.relink(joined);
      return;
    }
    const head = chains === 0 ? point : joined;
    let added = 0;
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) break;
      if (this.stones[q] === EMPTY && !this.touches(q, head)) added++;
    }
    this.head[point] = head;
    this.next[point] = point;
    if (chains === 0) {
      this.size[point] = 1;
      this.libertyCount[point] = added;
      return;
    }
    this.next[point] = this.next[head];
    this.next[head] = point;
    this.size[head]++;
    this.libertyCount[head] += added - 1;
  }

  private touches(point: number, head: number): boolean {
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) return false;
      if (this.head[q] === head) return true;
    }
    return false;
  }

  /** Takes a chain off and gives its points as liberties to the chains around it. */
  private removeChain(point: number): number[] {
    const stones = this.chainStones(point);
    for (const p of stones) this.take(p);
    for (const p of stones)
      for (let n = 4 * p; n < 4 * p + 4; n++) {
        const q = this.neighbors[n];
        if (q < 0) break;
        if (this.stones[q] !== EMPTY && !this.seenBefore(n, 4 * p)) this.libertyCount[this.head[q]]++;
      }
    return stones;
  }

  /** Rebuilds, once each, the chains on and beside `points`. */
  private relinkAt(points: readonly number[]): void {
    const before = this.stamp;
    // A stone marked since then belongs to a chain already rebuilt.
    for (const p of points) {
      if (this.stones[p] !== EMPTY && this.mark[p] <= before) this.relink(p);
      for (let n = 4 * p; n < 4 * p + 4; n++) {
        const q = this.neighbors[n];
        if (q < 0) break;
        if (this.stones[q] !== EMPTY && this.mark[q] <= before) this.relink(q);
      }
    }
  }

  /** A number that no mark holds yet; marks are int32, so a board in long use starts over. */
  private nextStamp(): number {
    if (this.stamp === 0x7fffffff) {
      this.mark.fill(0);
      this.stamp = 0;
    }
    return ++this.stamp;
  }

  /** Rebuilds the links and the liberty count of the chain at `start` from the stones alone. */
  private relink(start: number): void {
    const color = this.stones[start];
    const stamp = this.nextStamp();
    const chain = [start];
    let liberties = 0;
    this.mark[start] = stamp;
    for (let i = 0; i < chain.length; i++) {
      const p = chain[i];
      this.head[p] = start;
      for (let n = 4 * p; n < 4 * p + 4; n++) {
        const q = this.neighbors[n];
        if (q < 0) break;
        if (this.mark[q] === stamp) continue;
        if (this.stones[q] === color) chain.push(q);
        else if (this.stones[q] === EMPTY) liberties++;
        else continue;
        this.mark[q] = stamp;
      }
    }
    for (let i = 0; i < chain.length; i++) this.next[chain[i]] = chain[(i + 1) % chain.length];
    this.libertyCount[start] = liberties;
    this.size[start] = chain.length;
  }
}
