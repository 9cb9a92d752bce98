/** A step of an exponential moving average of all weights as one operation. */
import * as tf from '@tensorflow/tfjs-core';
import { defineComposition } from './composition.ts';
import { listOf, runOnLists } from './lists.ts';

/** Inputs a0.., w0.. (averages, weights); outputs the new averages. */
export const AVERAGE_STEP = 'TengenAverageStep';

export type AverageStep = {
  readonly count: number;
  /** Of the old average that is kept. */
  readonly share: number;
};

defineComposition(AVERAGE_STEP, (inputs, attributes) => {
  const { count, share } = attributes as AverageStep;
  const weights = listOf(inputs, 'w', count);
  return listOf(inputs, 'a', count).map((average, i) =>
    tf.add(tf.mul(average, share), tf.mul(weights[i], 1 - share)),
  );
});

/** share * average + (1 - share) * weight, for each. @returns the new averages; the caller disposes. */
export function averageStep(
  averages: readonly tf.Tensor[],
  weights: readonly tf.Tensor[],
  share: number,
): tf.Tensor[] {
  return runOnLists(AVERAGE_STEP, { a: averages, w: weights }, { share });
}
