/**
 * Shared memory between threads that ask for evaluations and threads that run a net. A slot holds one batch; its
 * client fills it and marks it READY, a session takes it, writes the outputs and counts it done.
 */
import { MAX_BOARD_SIDE } from '#engine/go/size.ts';
import type { FeatureSetName } from '../features/feature-set.ts';
import type { SessionInput, SessionOutput } from './session.ts';

const MAX_AREA = MAX_BOARD_SIDE * MAX_BOARD_SIDE;
/** Bytes kept for the sentence that says why a batch failed. */
const MESSAGE_BYTES = 512;

/** States of a slot. */
const IDLE = 0;
const READY = 1;
const RUNNING = 2;

/** int32 fields of a slot's header. */
const STATE = 0;
/** Counts finished batches: what a client waits for. */
const DONE = 1;
const COUNT = 2;
const SIDE = 3;
/** Bytes of the message; 0 where the batch went well. */
const FAILED = 4;
const HAS_STDEV = 5;
const FULL_BOARDS = 6;
const HEADER = 8;

/** Plain data that reaches another thread in a message. */
export type SlotsMemory = {
  readonly featureSet: FeatureSetName;
  readonly planes: number;
  readonly globals: number;
  readonly maxBatch: number;
  readonly slotCount: number;
  /** Whether a session may evaluate several slots together, which pays on a GPU; elsewhere it would make results depend on timing. */
  readonly joins: boolean;
  /** int32 [3]: batches ever marked READY, which sessions wait on; whether to end; time spent in the net. */
  readonly control: SharedArrayBuffer;
  readonly headers: SharedArrayBuffer;
  readonly messages: SharedArrayBuffer;
  /** One buffer a slot; pages that no board reaches are never touched. */
  readonly data: readonly SharedArrayBuffer[];
};

/** int32 fields of the control. */
const SUBMITTED = 0;
const ENDING = 1;
/** In units of 0.1 ms, which last for two days of two sessions. */
const BUSY = 2;
const BUSY_PER_MS = 10;
const CONTROL = 3;

export function allocateSlots(
  shape: Pick<SlotsMemory, 'featureSet' | 'planes' | 'globals' | 'maxBatch' | 'slotCount' | 'joins'>,
): SlotsMemory {
  const { planes, globals, maxBatch, slotCount } = shape;
  // Planes, globals, policy and ownership, and value, score and stdev.
  const floats = maxBatch * ((planes + 2) * MAX_AREA + globals + 4);
  return {
    ...shape,
    control: new SharedArrayBuffer(4 * CONTROL),
    headers: new SharedArrayBuffer(4 * HEADER * slotCount),
    messages: new SharedArrayBuffer(MESSAGE_BYTES * slotCount),
    data: Array.from({ length: slotCount }, () => new SharedArrayBuffer(4 * floats)),
  };
}

type SlotArrays = {
  readonly planes: Float32Array;
  readonly globals: Float32Array;
  readonly policy: Float32Array;
  readonly value: Float32Array;
  readonly score: Float32Array;
  readonly stdev: Float32Array;
  readonly ownership: Float32Array;
};

/** A thread's view of the slots. */
export class Slots {
  readonly memory: SlotsMemory;
  readonly arrays: readonly SlotArrays[];
  private readonly control: Int32Array;
  private readonly headers: Int32Array;
  private readonly messages: Uint8Array;
  /** Where the next look for a READY slot begins, so that none is passed over for ever. */
  private next = 0;

  constructor(memory: SlotsMemory) {
    this.memory = memory;
    this.control = new Int32Array(memory.control);
    this.headers = new Int32Array(memory.headers);
    this.messages = new Uint8Array(memory.messages);
    this.arrays = memory.data.map((buffer) => {
      let offset = 0;
      const next = (length: number): Float32Array => {
        const array = new Float32Array(buffer, 4 * offset, length * memory.maxBatch);
        offset += length * memory.maxBatch;
        return array;
      };
      return {
        planes: next(memory.planes * MAX_AREA),
        globals: next(memory.globals),
        policy: next(MAX_AREA + 1),
        value: next(1),
        score: next(1),
        stdev: next(1),
        ownership: next(MAX_AREA),
      };
    });
  }

  /** Hands a filled slot to the sessions. @returns when its outputs are there. @throws Error with what went wrong. */
  async run(slot: number, { count, rows, fullBoards }: SessionInput): Promise<void> {
    const header = HEADER * slot;
    const done = Atomics.load(this.headers, header + DONE);
    this.headers[header + COUNT] = count;
    this.headers[header + SIDE] = rows;
    this.headers[header + FULL_BOARDS] = fullBoards ? 1 : 0;
    Atomics.store(this.headers, header + STATE, READY);
    Atomics.add(this.control, SUBMITTED, 1);
    Atomics.notify(this.control, SUBMITTED);
    if (this.isEnding) this.finish(slot, READY, 'the evaluator is closed');
    await Atomics.waitAsync(this.headers, header + DONE, done).value;
    const failed = this.headers[header + FAILED];
    if (failed === 0) return;
    const message = this.messages.slice(MESSAGE_BYTES * slot, MESSAGE_BYTES * slot + failed);
    throw new Error(new TextDecoder().decode(message));
  }

  /** Of a slot whose outputs are there. */
  output(slot: number): SessionOutput {
    const { policy, value, score, stdev, ownership } = this.arrays[slot];
    const withStdev = this.headers[HEADER * slot + HAS_STDEV] === 1 ? { stdev } : {};
    return { policy, value, score, ownership, ...withStdev };
  }

  /** Takes a READY slot, waiting for one; null once the evaluator ends. Blocks the thread. */
  take(): number | null {
    for (;;) {
      const seen = Atomics.load(this.control, SUBMITTED);
      if (this.isEnding) return null;
      const slot = this.takeReady(() => true);
      if (slot !== null) return slot;
      Atomics.wait(this.control, SUBMITTED, seen);
    }
  }

  /** Takes further READY slots of the same board side while their batches fit together. */
  takeAlong(first: number): number[] {
    const taken = [first];
    if (!this.memory.joins) return taken;
    let count = this.count(first);
    for (;;) {
      const slot = this.takeReady(
        (other) => this.side(other) === this.side(first) && count + this.count(other) <= this.memory.maxBatch,
      );
      if (slot === null) return taken;
      taken.push(slot);
      count += this.count(slot);
    }
  }

  input(slot: number): SessionInput {
    const { planes, globals } = this.arrays[slot];
    const [count, side] = [this.count(slot), this.side(slot)];
    return {
      count,
      rows: side,
      columns: side,
      fullBoards: this.headers[HEADER * slot + FULL_BOARDS] === 1,
      planes: planes.subarray(0, count * this.memory.planes * side * side),
      globals: globals.subarray(0, count * this.memory.globals),
    };
  }

  /** Writes boards `from` to `from + count` of `output` as the slot's, and wakes its client. */
  answer(slot: number, output: SessionOutput, from: number): void {
    const count = this.count(slot);
    const area = this.side(slot) ** 2;
    const { policy, value, score, stdev, ownership } = this.arrays[slot];
    const copy = (target: Float32Array, source: Float32Array, width: number): void =>
      target.set(source.subarray(from * width, (from + count) * width));
    copy(policy, output.policy, area + 1);
    copy(value, output.value, 1);
    copy(score, output.score, 1);
    copy(ownership, output.ownership, area);
    if (output.stdev !== undefined) copy(stdev, output.stdev, 1);
    this.headers[HEADER * slot + HAS_STDEV] = output.stdev === undefined ? 0 : 1;
    this.finish(slot, RUNNING, null);
  }

  fail(slot: number, message: string): void {
    this.finish(slot, RUNNING, message);
  }

  /** Ends the sessions after what they have taken; all that waits fails with `message`. */
  end(message: string): void {
    Atomics.store(this.control, ENDING, 1);
    Atomics.add(this.control, SUBMITTED, 1);
    Atomics.notify(this.control, SUBMITTED);
    for (let slot = 0; slot < this.memory.slotCount; slot++) this.finish(slot, READY, message);
  }

  /** Fails what the sessions still hold: for when their threads are gone. */
  abandon(message: string): void {
    this.end(message);
    for (let slot = 0; slot < this.memory.slotCount; slot++) this.finish(slot, RUNNING, message);
  }

  /** Tells of time that a session spent in the net. */
  countBusy(ms: number): void {
    Atomics.add(this.control, BUSY, Math.round(BUSY_PER_MS * ms));
  }

  /** Milliseconds that all sessions have spent in the net. */
  busyMs(): number {
    return Atomics.load(this.control, BUSY) / BUSY_PER_MS;
  }

  private get isEnding(): boolean {
    return Atomics.load(this.control, ENDING) === 1;
  }

  private count(slot: number): number {
    return this.headers[HEADER * slot + COUNT];
  }

  private side(slot: number): number {
    return this.headers[HEADER * slot + SIDE];
  }

  private takeReady(fits: (slot: number) => boolean): number | null {
    const { slotCount } = this.memory;
    for (let i = 0; i < slotCount; i++) {
      const slot = (this.next + i) % slotCount;
      const state = HEADER * slot + STATE;
      if (Atomics.load(this.headers, state) !== READY || !fits(slot)) continue;
      if (Atomics.compareExchange(this.headers, state, READY, RUNNING) !== READY) continue;
      this.next = slot + 1;
      return slot;
    }
    return null;
  }

  /** From the state `from` to IDLE, once, with the message of a failure or none. */
  private finish(slot: number, from: number, message: string | null): void {
    const header = HEADER * slot;
    if (Atomics.compareExchange(this.headers, header + STATE, from, IDLE) !== from) return;
    const text = new TextEncoder().encode(message ?? '').subarray(0, MESSAGE_BYTES);
    this.messages.set(text, MESSAGE_BYTES * slot);
    this.headers[header + FAILED] = text.length;
    Atomics.add(this.headers, header + DONE, 1);
    Atomics.notify(this.headers, header + DONE);
  }
}
