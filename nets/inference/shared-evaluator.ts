/** An evaluator whose net runs in other threads: the search of this thread goes on while its batches are evaluated. */
import type { Evaluator } from '#engine/search/evaluator.ts';
import { FEATURE_SETS } from '../features/feature-set.ts';
import { BatchBuffer } from './batch-buffer.ts';
import { BufferedBatch } from './buffered-batch.ts';
import type { BufferSource } from './buffered-batch.ts';
import { Slots } from './slots.ts';
import type { SlotsMemory } from './slots-memory.ts';

/** What a client thread is sent: the memory and which slots of it are its own. */
export type Connection = { readonly memory: SlotsMemory; readonly slots: readonly number[] };

type Place = { readonly slot: number; readonly buffer: BatchBuffer };

/** At most as many batches as the connection has slots may hold positions at once. */
export function connectEvaluator({ memory, slots: own }: Connection): Evaluator {
  const slots = new Slots(memory);
  const features = FEATURE_SETS[memory.featureSet];
  const free = own.map((slot) => ({ slot, buffer: new BatchBuffer(features, slots.arrays[slot]) }));
  const source: BufferSource<Place> = {
    take: () => {
      const place = free.pop();
      if (place === undefined) throw new Error(`internal: more than ${own.length} batches at once`);
      return place;
    },
    giveBack: (place) => void free.push(place),
    run: async ({ slot, buffer }) => {
      await slots.run(slot, buffer.input());
      return slots.output(slot);
    },
  };
  return { maxBatch: memory.maxBatch, lanes: own.length, newBatch: () => new BufferedBatch(source) };
}

/** Makes the connection of a client that has died ready for another. */
export async function takeOver({ memory, slots: own }: Connection): Promise<void> {
  const slots = new Slots(memory);
  for (const slot of own) await slots.settle(slot);
}
