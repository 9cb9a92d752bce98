/** Which thread plays which game, in memory that all of them share, and what they have counted. */

/** int32 fields of the counters. */
const MOVES = 0;
const EVALUATIONS = 1;
const BATCHES = 2;
/** In units of 0.1 ms, which last for 60 hours of one thread. */
const WAITED = 3;
const COUNTERS = 4;
const WAITED_PER_MS = 10;

/** Claim of a game that nobody plays; n + 1 where thread n does or did. */
const FREE = 0;

/** Plain data that reaches another thread in a message. */
export type ClaimsMemory = {
  /** int32 [games]: each game's index within its generation. */
  readonly indices: SharedArrayBuffer;
  /** int32 [games]. */
  readonly owners: SharedArrayBuffer;
  /** int32 [4]: moves played, evaluations asked of the net, batches they came in, time waited for them. */
  readonly counters: SharedArrayBuffer;
};

export type ClaimCounts = {
  readonly moves: number;
  readonly evaluations: number;
  readonly batches: number;
  readonly waitMs: number;
};

export function allocateClaims(indices: readonly number[]): ClaimsMemory {
  const bytes = 4 * indices.length;
  const memory: ClaimsMemory = {
    indices: new SharedArrayBuffer(bytes),
    owners: new SharedArrayBuffer(bytes),
    counters: new SharedArrayBuffer(4 * COUNTERS),
  };
  new Int32Array(memory.indices).set(indices);
  return memory;
}

/** A thread's view of the claims. */
export class Claims {
  private readonly indices: Int32Array;
  private readonly owners: Int32Array;
  private readonly counters: Int32Array;

  constructor(memory: ClaimsMemory) {
    this.indices = new Int32Array(memory.indices);
    this.owners = new Int32Array(memory.owners);
    this.counters = new Int32Array(memory.counters);
  }

  /** The next game that nobody has claimed, from now on that of `thread`; null where none is left. */
  take(thread: number): number | null {
    for (let game = 0; game < this.owners.length; game++)
      if (Atomics.compareExchange(this.owners, game, FREE, thread + 1) === FREE) return this.indices[game];
    return null;
  }

  /** Gives up the claims of a thread that has died, but for games that are `done`. @returns whether there were any. */
  release(thread: number, done: ReadonlySet<number>): boolean {
    let released = false;
    for (let game = 0; game < this.owners.length; game++) {
      if (Atomics.load(this.owners, game) !== thread + 1 || done.has(this.indices[game])) continue;
      Atomics.store(this.owners, game, FREE);
      released = true;
    }
    return released;
  }

  countMove(): void {
    Atomics.add(this.counters, MOVES, 1);
  }

  countBatch(evaluations: number, ms: number): void {
    Atomics.add(this.counters, EVALUATIONS, evaluations);
    Atomics.add(this.counters, BATCHES, 1);
    Atomics.add(this.counters, WAITED, Math.round(WAITED_PER_MS * ms));
  }

  get counts(): ClaimCounts {
    const count = (field: number): number => Atomics.load(this.counters, field);
    return {
      moves: count(MOVES),
      evaluations: count(EVALUATIONS),
      batches: count(BATCHES),
      waitMs: count(WAITED) / WAITED_PER_MS,
    };
  }
}
