/** The statistics that batch norms play with, found anew. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** What a model is applied to, in training mode. */
export type Inputs = {
  readonly inputs: tf.Tensor | tf.Tensor[];
  /** Whether every board fills the buffer. */
  readonly fullBoards: boolean;
};

/**
 * Makes the moving statistics of every batch norm the plain means over these batches, with the weights as they are: E[x]
 * = E_B[mean], Var[x] = m / (m - 1) E_B[variance] (Ioffe and Szegedy 2015, Algorithm 2, steps 10 and 11). Wanted where
 * weights are not those that the statistics were gathered with, as averages of weights.
 */
export function reestimateStatistics(model: LayersModel, batches: Iterable<Inputs>): void {
  let seen = 0;
  for (const { inputs, fullBoards } of batches) {
    const step = { training: true, fullBoards, seed: seen, statisticsShare: seen / (seen + 1) };
    tf.tidy(() => void model.apply(inputs, step));
    seen++;
  }
}
