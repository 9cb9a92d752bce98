/** How much each filter within a block says on examples, by which the least are pruned. */
import * as tf from '@tensorflow/tfjs-core';
import { model as makeModel } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Batch } from '../batch.ts';
import type { WeightArray } from '../file.ts';
import type { InnerFilters } from './inner-filters.ts';

/** What a model is shown: see `Batch`. */
export type Shown = Pick<Batch, 'planes' | 'globals' | 'fullBoards'>;

/**
 * By block, for each filter c the sum over examples and points of a_c^2, times the sum over the next kernel's taps and
 * outputs of K_c^2: an estimate of the energy that it adds to the map, which takes filters and neighbouring points for
 * orthogonal. Weights alone, as in Li et al. 2017,
 * say nothing of how often a filter is on; activations alone, as in Hu et al. 2016, nothing of who listens.
 */
export async function filterEnergies(
  model: LayersModel,
  weights: ReadonlyMap<string, WeightArray>,
  filters: readonly InnerFilters[],
  batches: Iterable<Shown>,
): Promise<Map<string, Float64Array>> {
  const energies = new Map(filters.map(({ block, count }) => [block, new Float64Array(count)]));
  const outputs = filters.map(({ block }) => model.getLayer(`${block}/norm2`).output as SymbolicTensor);
  const probe = makeModel({ inputs: model.inputs, outputs });
  for (const { planes, globals, fullBoards } of batches) {
    const squares = tf.tidy(() => {
      const maps = probe.apply([planes, globals], { fullBoards }) as tf.Tensor | tf.Tensor[];
      return [maps].flat().map((map) => tf.sum(tf.square(map), [0, 1, 2]));
    });
    for (const [i, { block }] of filters.entries())
      (await squares[i].data()).forEach((square, c) => {
        (energies.get(block) as Float64Array)[c] += square;
      });
    tf.dispose(squares);
  }
  for (const [block, energy] of energies) {
    const heard = kernelEnergies(weights.get(`${block}/conv2/kernel`) as WeightArray);
    heard.forEach((factor, c) => {
      energy[c] *= factor;
    });
  }
  return energies;
}

/** [inputs]: the sum of squares of a kernel [H, W, inputs, outputs] by each input. */
function kernelEnergies({ shape: [, , inputs, outputs], values }: WeightArray): Float64Array {
  const energies = new Float64Array(inputs);
  values.forEach((value, i) => {
    energies[Math.floor(i / outputs) % inputs] += value * value;
  });
  return energies;
}

/** The indices of the `count` largest, rising. */
export const largest = (values: Float64Array, count: number): number[] =>
  Array.from(values.keys())
    .sort((a, b) => values[b] - values[a])
    .slice(0, count)
    .sort((a, b) => a - b);
