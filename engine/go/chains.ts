/** Which stones form a chain and how many liberties it has, kept up to date as stones come and go. */
import { EMPTY } from './color.ts';
import type { Color } from './color.ts';
import { MAX_BOARD_SIDE } from './size.ts';

/** Scratch of all boards, which are read one at a time: points with the stamp of the last walk that met them. */
const mark = new Int32Array(MAX_BOARD_SIDE ** 2);
const queue = new Int16Array(MAX_BOARD_SIDE ** 2);
let stamp = 0;

/** A number that no mark holds yet; marks are int32, so a program in long use starts over. */
function nextStamp(): number {
  if (stamp === 0x7fffffff) {
    mark.fill(0);
    stamp = 0;
  }
  return ++stamp;
}

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

  /** @param stones uint8 [area], read from now on. @param neighbors as `neighborTable` gives them. */
  constructor(stones: Uint8Array, neighbors: Int16Array) {
    const area = stones.length;
    this.stones = stones;
    this.neighbors = neighbors;
    this.head = new Int16Array(area).fill(-1);
    this.next = new Int16Array(area);
    this.libertyCount = new Int16Array(area);
    this.size = new Int16Array(area);
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

  /** The stone after the one at `point` on the ring of its chain. */
  nextAt(point: number): number {
    return this.next[point];
  }

  /** Writes the liberties of the chain at `point`, which holds a stone, to `out` from `at` on. @returns their end. */
  copyLiberties(point: number, out: Int16Array, at: number): number {
    const walk = nextStamp();
    const end = at + this.libertiesAt(point);
    let p = point;
    do {
      for (let n = 4 * p; n < 4 * p + 4; n++) {
        const q = this.neighbors[n];
        if (q < 0) break;
        if (this.stones[q] !== EMPTY || mark[q] === walk) continue;
        mark[q] = walk;
        out[at++] = q;
        if (at === end) return end;
      }
      p = this.next[p];
    } while (p !== point);
    return end;
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
    let largest = -1;
    let friends = 0;
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) break;
      if (this.stones[q] !== color || this.seenBefore(n, 4 * point)) continue;
      friends++;
      if (largest < 0 || this.size[this.head[q]] > this.size[largest]) largest = this.head[q];
    }
    this.next[point] = point;
    if (friends === 0) {
      this.size[point] = 1;
      this.libertyCount[point] = 0;
      this.absorb(point, point);
      return;
    }
    this.libertyCount[largest]--;
    this.absorb(largest, point);
    this.size[largest]++;
    if (friends === 1) return;
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) break;
      const head = this.head[q];
      if (this.stones[q] !== color || head === largest) continue;
      this.size[largest] += this.size[head];
      this.absorb(largest, q);
    }
  }

  /** Gives the ring of stones at `point`, which is not yet the chain's, to the chain of `head` with its liberties. */
  private absorb(head: number, point: number): void {
    let p = point;
    do {
      for (let n = 4 * p; n < 4 * p + 4; n++) {
        const q = this.neighbors[n];
        if (q < 0) break;
        if (this.stones[q] === EMPTY && !this.touches(q, head)) this.libertyCount[head]++;
      }
      this.head[p] = head;
      p = this.next[p];
    } while (p !== point);
    if (head === point) return;
    const after = this.next[head];
    this.next[head] = this.next[point];
    this.next[point] = after;
  }

  /** After the stone at `point` of `color` was taken, which left the stones beside it where they are. */
  part(point: number, color: Color): void {
    const head = this.head[point];
    this.head[point] = -1;
    let friends = 0;
    let friend = -1;
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) break;
      if (this.stones[q] === EMPTY) continue;
      if (this.stones[q] !== color) {
        if (!this.seenBefore(n, 4 * point)) this.libertyCount[this.head[q]]++;
        continue;
      }
      friends++;
      friend = q;
    }
    if (friends === 0) return;
    if (friends > 1 || head === point) {
      const before = stamp;
      for (let n = 4 * point; n < 4 * point + 4; n++) {
        const q = this.neighbors[n];
        if (q < 0) break;
        // A stone marked since then belongs to a chain already rebuilt.
        if (this.stones[q] === color && mark[q] <= before) this.relink(q);
      }
      return;
    }
    let previous = friend;
    while (this.next[previous] !== point) previous = this.next[previous];
    this.next[previous] = this.next[point];
    this.size[head]--;
    this.libertyCount[head]++;
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) break;
      if (this.stones[q] === EMPTY && !this.touches(q, head)) this.libertyCount[head]--;
    }
  }

  /** After all stones of a chain, at entries `from` to `to - 1` of `points`, were taken: liberties for those around. */
  release(points: Int16Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.head[points[i]] = -1;
    for (let i = from; i < to; i++) this.addLiberty(points[i], 1);
  }

  /** Before stones are put back at entries `from` to `to - 1` of `points`, all of one colour: the reverse of `release`. */
  reclaim(points: Int16Array, from: number, to: number): void {
    for (let i = from; i < to; i++) this.addLiberty(points[i], -1);
  }

  /** After the stones of `reclaim` were put back. */
  restore(points: Int16Array, from: number, to: number): void {
    for (let i = from; i < to; i++) if (this.head[points[i]] < 0) this.relink(points[i]);
  }

  /** To the chains beside the empty `point`. */
  private addLiberty(point: number, count: number): void {
    for (let n = 4 * point; n < 4 * point + 4; n++) {
      const q = this.neighbors[n];
      if (q < 0) break;
      if (this.stones[q] !== EMPTY && !this.seenBefore(n, 4 * point))
        this.libertyCount[this.head[q]] += count;
    }
  }

  /** After any change at `points`: rebuilds, once each, the chains on and beside them. */
  rebuildAt(points: readonly number[]): void {
    for (const p of points) if (this.stones[p] === EMPTY) this.head[p] = -1;
    const before = stamp;
    // A stone marked since then belongs to a chain already rebuilt.
    for (const p of points) {
      if (this.stones[p] !== EMPTY && mark[p] <= before) this.relink(p);
      for (let n = 4 * p; n < 4 * p + 4; n++) {
        const q = this.neighbors[n];
        if (q < 0) break;
        if (this.stones[q] !== EMPTY && mark[q] <= before) this.relink(q);
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
    const walk = nextStamp();
    let liberties = 0;
    let end = 0;
    mark[start] = walk;
    queue[end++] = start;
    for (let i = 0; i < end; i++) {
      const p = queue[i];
      this.head[p] = start;
      for (let n = 4 * p; n < 4 * p + 4; n++) {
        const q = this.neighbors[n];
        if (q < 0) break;
        if (mark[q] === walk) continue;
        if (this.stones[q] === color) queue[end++] = q;
        else if (this.stones[q] === EMPTY) liberties++;
        else continue;
        mark[q] = walk;
      }
    }
    for (let i = 1; i < end; i++) this.next[queue[i - 1]] = queue[i];
    this.next[queue[end - 1]] = start;
    this.libertyCount[start] = liberties;
    this.size[start] = end;
  }
}
