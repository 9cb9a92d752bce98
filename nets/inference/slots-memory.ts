/** How the memory of `Slots` is laid out: fields of each batch's header, and its arrays. */
import { MAX_BOARD_SIDE } from '#engine/go/size.ts';
import type { FeatureSetName } from '../features/feature-set.ts';

const MAX_AREA = MAX_BOARD_SIDE * MAX_BOARD_SIDE;
/** Bytes kept for the sentence that says why a batch failed. */
export const MESSAGE_BYTES = 512;

/** int32 fields of a slot's header. */
export const STATE = 0;
/** Counts finished batches: what a client waits for. */
export const DONE = 1;
export const COUNT = 2;
export const SIDE = 3;
/** Bytes of the message; 0 where the batch went well. */
export const FAILED = 4;
export const HAS_STDEV = 5;
export const FULL_BOARDS = 6;
/** int32 entries of a header. */
export const HEADER = 7;

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
export const SUBMITTED = 0;
export const ENDING = 1;
/** Time spent in the net in units of 0.1 ms, which last for 60 hours of one session. */
export const BUSY = 2;
export const BUSY_PER_MS = 10;
/** int32 entries of the control. */
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

export type SlotArrays = {
  readonly planes: Float32Array;
  readonly globals: Float32Array;
  readonly policy: Float32Array;
  readonly value: Float32Array;
  readonly score: Float32Array;
  readonly stdev: Float32Array;
  readonly ownership: Float32Array;
};

/** A slot's arrays in its buffer. */
export function arraysIn(buffer: SharedArrayBuffer, { maxBatch, planes, globals }: SlotsMemory): SlotArrays {
  let offset = 0;
  const next = (length: number): Float32Array => {
    const array = new Float32Array(buffer, 4 * offset, length * maxBatch);
    offset += length * maxBatch;
    return array;
  };
  return {
    planes: next(planes * MAX_AREA),
    globals: next(globals),
    policy: next(MAX_AREA + 1),
    value: next(1),
    score: next(1),
    stdev: next(1),
    ownership: next(MAX_AREA),
  };
}
