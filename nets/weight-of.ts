/** One weight of a net whose names are known to be right. */
import type { NetFile, WeightArray } from './file.ts';

/** @throws internal where the net has no such weight. */
export function weightOf({ weights }: Pick<NetFile, 'weights'>, name: string): WeightArray {
  const weight = weights.get(name);
  if (weight === undefined) throw new Error(`internal: net without weight ${name}`);
  return weight;
}
