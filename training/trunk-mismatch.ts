/** Whether a net can begin with the trunk of another. */
import { mismatch } from '#nets/convert.ts';
import type { Shaped } from '#nets/convert.ts';

const ofTrunk = <Value>(all: ReadonlyMap<string, Value>): Map<string, Value> =>
  new Map([...all].filter(([name]) => name.startsWith('trunk/')));

/** A sentence naming the first of the trunk's weights that is missing, superfluous or misshapen, or null. Heads may differ. */
export function trunkMismatch(
  tensors: ReadonlyMap<string, Shaped>,
  weights: ReadonlyMap<string, Shaped>,
): string | null {
  return mismatch(ofTrunk(tensors), ofTrunk(weights));
}
