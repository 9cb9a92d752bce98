/**
 * Shared memory between threads that ask for evaluations and threads that run a net. A slot holds one batch; its
 * client fills it and marks it READY, a session takes it, writes the outputs and counts it done.
 */
import type { SessionInput, SessionOutput } from './session.ts';
import {
  BUSY,
  BUSY_PER_MS,
  COUNT,
  DONE,
  ENDING,
  FAILED,
  FULL_BOARDS,
  HAS_STDEV,
  HEADER,
  MESSAGE_BYTES,
  SIDE,
  STATE,
  SUBMITTED,
  arraysIn,
} from './slots-memory.ts';
import type { SlotArrays, SlotsMemory } from './slots-memory.ts';

/** States of a slot. */
const IDLE = 0;
const READY = 1;
const RUNNING = 2;

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
    this.arrays = memory.data.map((buffer) => arraysIn(buffer, memory));
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

  /** Gives up what a client that is gone may have left in its slot. @returns once no session reads or writes it. */
  async settle(slot: number): Promise<void> {
    const header = HEADER * slot;
    const done = Atomics.load(this.headers, header + DONE);
    this.finish(slot, READY, 'its client is gone');
    if (Atomics.load(this.headers, header + STATE) === RUNNING)
      await Atomics.waitAsync(this.headers, header + DONE, done).value;
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

  get isEnding(): boolean {
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
