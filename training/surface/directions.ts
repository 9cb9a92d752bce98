/** Random directions in which the weights of a net are moved, in proportion to the weights that are there. */
import { gaussian } from '#engine/go/draws.ts';
import type { Rng } from '#engine/go/random.ts';
import { connectedWeights } from '#nets/connected-weights.ts';
import type { AnyNetFile, WeightArray } from '#nets/file.ts';
import { isKernel } from '#nets/kernels.ts';

/** By the names of weights; those that are not named stand still. */
export type Direction = ReadonlyMap<string, WeightArray>;

/** What a filter of these weights is multiplied by so that it gets the norm of that of `like`; 0 for one that is all 0. */
function filterFactors(values: Float32Array, like: Float32Array, filters: number): Float64Array {
  const [own, wanted] = [values, like].map((weights) => {
    const squares = new Float64Array(filters);
    weights.forEach((weight, i) => (squares[i % filters] += weight * weight));
    return squares;
  });
  return wanted.map((square, filter) => (square === 0 ? 0 : Math.sqrt(square / own[filter])));
}

/**
 * d_f = g_f |theta_f| / |g_f| for each filter f of each kernel, all weights that make one output channel, with g normally
 * distributed (Li et al. 2018, section 4): a step of length 1 changes every filter by as much as it is long, however its
 * layer is scaled. Biases, the vectors of norms, and whatever else is no kernel are left alone, as in the paper's figures; so
 * are weights that a connection table holds at 0.
 */
export function randomDirection(
  { spec, weights }: Pick<AnyNetFile, 'spec' | 'weights'>,
  rng: Rng,
): Direction {
  const connected = connectedWeights(spec);
  const direction = new Map<string, WeightArray>();
  for (const [name, weight] of weights) {
    const { shape, values } = weight;
    if (!isKernel(shape)) continue;
    const filters = shape[shape.length - 1];
    const seen = connected.get(name);
    const held = (of: Float32Array): Float32Array =>
      seen === undefined ? of : of.map((w, i) => w * seen[i]);
    const drawn = held(values.map(() => gaussian(rng)));
    const factors = filterFactors(drawn, held(values), filters);
    direction.set(name, { shape, values: drawn.map((value, i) => value * factors[i % filters]) });
  }
  return direction;
}
