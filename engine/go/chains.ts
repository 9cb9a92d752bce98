/** Which stones form a chain and how many liberties it has, kept up to date as stones come and go. */
import { EMPTY } from './color.ts';
import type { Color } from './color.ts';

/**
 * The chains of an array of stones that somebody else writes: after each change the matching method is to be called.
 * A chain is a ring of points by `next` with one of them as its head, which holds its size and liberties.
 */
export class Chains {
  private readonly stones: Uint8Array;
  private readonly neighbors: Int16Array;
  /** int16 [area]: the head of the chain, -1 on empty points. */
  private readonly head: Int16Array;
  private readonly next: Int16Array;
  /** int16 [area], at heads only. */
  private readonly libertyCount: Int16Array;
  private readonly size: Int16Array;
  private readonly mark: Int32Array;
  private stamp = 0;

  /** @param stones uint8 [area], read from now on. @param neighbors as `neighborTable` gives them. */
  constructor(stones: Uint8Array, neighbors: Int16Array) {
    const area = stones.length;
    this.stones = stones;
    this.neighbors = neighbors;
    this.head = new Int16Array(area).fill(-1);
    this.next = new Int16Array(area);
    this.libertyCount = new Int16Array(area);
    this.size = new Int16Array(area);
    this.mark = new Int32Array(area);
  }

  /** Takes over the chains of another board of this size. */
  copyFrom(other: Chains): void {
    this.head.set(other.head);
    this.next.set(other.next);
    this.libertyCount.set(other.libertyCount);
    this.size.set(other.size);
  }

  idAt(point: number): number {
    return this.head[point];
  }

  libertiesAt(point: number): number {
    const head = this.head[point];
    return head < 0 ? 0 : this.libertyCount[head];
  }

  /** Of the chain at `point`, which holds a stone. */
  sizeAt(point: number): number {
    return this.size[this.head[point]];
  }

  stonesAt(point: number): number[] {
    const result: number[] = [];
    if (this.head[point] < 0) return result;
    let p = point;
    do {
      result.push(p);
      p = this.next[p];
    } while (p !== point);
    return result;
  }

  libertyPointsAt(point: number): number[] {
    const result: number[] = [];
    if (this.head[point] < 0) return result;
    const stamp = this.nextStamp();
    const count = this.libertiesAt(point);
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

  /** Whether the chain at entry `n` of the neighbour table stands at an earlier entry from `from` on. */
  seenBefore(n: number, from: number): boolean {
    const head = this.head[this.neighbors[n]];
    for (let m = from; m < n; m++) if (this.head[this.neighbors[m]] === head) return true;
    return false;
  }

  /** After a stone was put beside the chain at `point`, of the other colour. @returns the liberties left. */
  loseLiberty(point: number): number {
    return --this.libertyCount[this.head[point]];
  }

  /** After the stone at `point` was put: it becomes a chain, or part of the friendly chains beside it. */
  join(point: number, color: Color): void {
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

  /** After all stones of a chain, at `points`, were taken: they are liberties of the chains around. */
  release(points: readonly number[]): void {
    for (const p of points) this.head[p] = -1;
    for (const p of points)
      for (let n = 4 * p; n < 4 * p + 4; n++) {
        const q = this.neighbors[n];
        if (q < 0) break;
        if (this.stones[q] !== EMPTY && !this.seenBefore(n, 4 * p)) this.libertyCount[this.head[q]]++;
      }
  }

  /** After any change at `points`: rebuilds, once each, the chains on and beside them. */
  rebuildAt(points: readonly number[]): void {
    for (const p of points) if (this.stones[p] === EMPTY) this.head[p] = -1;
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

  private touches(point: number, head: number): boolean {
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) return false;
      if (this.head[q] === head) return true;
    }
    return false;
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

  /** A number that no mark holds yet; marks are int32, so a board in long use starts over. */
  private nextStamp(): number {
    if (this.stamp === 0x7fffffff) {
      this.mark.fill(0);
      this.stamp = 0;
    }
    return ++this.stamp;
  }
}
