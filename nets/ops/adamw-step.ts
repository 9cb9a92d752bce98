/** A step of AdamW on all weights as one operation. */
import * as tf from '@tensorflow/tfjs-core';
import { defineComposition } from './composition.ts';
import { listOf, runOnLists } from './lists.ts';

/** Inputs w0.., g0.., m0.., v0.. (weights, gradients, moments); outputs the new weights, first and second moments. */
export const ADAMW_STEP = 'TengenAdamWStep';

export type AdamWStep = {
  readonly count: number;
  readonly beta1: number;
  readonly beta2: number;
  /** The rate times the correction of both moments' bias: rate sqrt(1 - beta2^t) / (1 - beta1^t). */
  readonly rate: number;
  /** Added to the root of the second moment before its correction: epsilon sqrt(1 - beta2^t). */
  readonly epsilon: number;
  /** What each weight is multiplied by before it is moved: 1 - rate * decay. */
  readonly shrink: readonly number[];
};

defineComposition(ADAMW_STEP, (inputs, attributes) => {
  const { count, beta1, beta2, rate, epsilon, shrink } = attributes as AdamWStep;
  const [weights, gradients, m, v] = ['w', 'g', 'm', 'v'].map((letter) => listOf(inputs, letter, count));
  const first = gradients.map((g, i) => tf.add(tf.mul(m[i], beta1), tf.mul(g, 1 - beta1)));
  const second = gradients.map((g, i) => tf.add(tf.mul(v[i], beta2), tf.mul(tf.square(g), 1 - beta2)));
  const moved = weights.map((weight, i) => {
    const kept = shrink[i] === 1 ? weight : tf.mul(weight, shrink[i]);
    return tf.sub(kept, tf.mul(tf.div(first[i], tf.add(tf.sqrt(second[i]), epsilon)), rate));
  });
  return [...moved, ...first, ...second];
});

export type AdamWOptions = {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Of each weight. */
  readonly decay: readonly number[];
  /** Number of this step, from 1. */
  readonly step: number;
};

/**
 * m <- beta1 m + (1 - beta1) g, v <- beta2 v + (1 - beta2) g^2, with mHat = m / (1 - beta1^t) and vHat alike
 * w <- w - rate (mHat / (sqrt(vHat) + epsilon) + decay w) (Loshchilov and Hutter 2019, Algorithm 2).
 * @returns the new weights and moments; the caller disposes.
 */
export function adamWStep(
  weights: readonly tf.Tensor[],
  gradients: readonly tf.Tensor[],
  [first, second]: readonly (readonly tf.Tensor[])[],
  { rate, beta1, beta2, epsilon, decay, step }: AdamWOptions,
): { weights: tf.Tensor[]; first: tf.Tensor[]; second: tf.Tensor[] } {
  const root = Math.sqrt(1 - beta2 ** step);
  const attributes: Omit<AdamWStep, 'count'> = {
    beta1,
    beta2,
    rate: (rate * root) / (1 - beta1 ** step),
    epsilon: epsilon * root,
    shrink: decay.map((share) => 1 - rate * share),
  };
  const outputs = runOnLists(ADAMW_STEP, { w: weights, g: gradients, m: first, v: second }, attributes);
  const { length } = weights;
  return {
    weights: outputs.slice(0, length),
    first: outputs.slice(length, 2 * length),
    second: outputs.slice(2 * length),
  };
}
