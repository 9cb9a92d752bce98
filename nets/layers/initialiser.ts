/** How weights begin. */
import { initializers } from '@tensorflow/tfjs-layers';
import type { Initialiser } from '../architectures/layers.ts';

/** Numbers that each output is a sum over, and that each input is added to. */
export type Fans = { readonly fanIn: number; readonly fanOut: number };

/** The standard deviation of each kind, see `Initialiser`. */
function deviation(kind: Initialiser, { fanIn, fanOut }: Fans): number {
  switch (kind) {
    case 'he':
      return Math.sqrt(2 / fanIn);
    case 'glorot':
      return Math.sqrt(2 / (fanIn + fanOut));
    case 'lecun':
      return Math.sqrt(1 / fanIn);
    case 'zero':
      return 0;
  }
}

/** Normal, and not cut off at two deviations as is usual: that takes a quarter of the variance, layer after layer. */
export function initialiser(
  kind: Initialiser,
  gain: number,
  fans: Fans,
  seed: number,
): ReturnType<typeof initializers.randomNormal> {
  const stddev = gain * deviation(kind, fans);
  // tfjs takes a deviation of 0 for one that is not given.
  return stddev === 0 ? initializers.zeros() : initializers.randomNormal({ mean: 0, stddev, seed });
}
