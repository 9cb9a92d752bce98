/** A step of AlexNet's gradient descent with momentum on all weights as one operation. */
import * as tf from '@tensorflow/tfjs-core';
import { defineComposition } from './composition.ts';
import { listOf, runVelocityStep } from './lists.ts';
import type { Moved } from './lists.ts';

/** Inputs w0.., g0.., v0.. (weights, gradients, velocities); outputs the new weights and then the new velocities. */
export const ALEXNET_STEP = 'TengenAlexNetStep';

export type AlexNetStep = {
  readonly count: number;
  readonly rate: number;
  readonly momentum: number;
  /** Of each weight. */
  readonly decay: readonly number[];
};

defineComposition(ALEXNET_STEP, (inputs, attributes) => {
  const { count, rate, momentum, decay } = attributes as AlexNetStep;
  const [weights, gradients, old] = ['w', 'g', 'v'].map((letter) => listOf(inputs, letter, count));
  const velocities = weights.map((weight, i) => {
    const pull = decay[i] === 0 ? gradients[i] : tf.add(gradients[i], tf.mul(weight, decay[i]));
    return tf.sub(tf.mul(old[i], momentum), tf.mul(pull, rate));
  });
  return [...weights.map((weight, i) => tf.add(weight, velocities[i])), ...velocities];
});

/**
 * v <- momentum v - decay rate w - rate g, w <- w + v (Krizhevsky et al. 2012, section 5, with momentum 0.9 and decay
 * 0.0005). @returns the new weights and velocities; the caller disposes.
 */
export function alexNetStep(
  weights: readonly tf.Tensor[],
  gradients: readonly tf.Tensor[],
  velocities: readonly tf.Tensor[],
  step: Omit<AlexNetStep, 'count'>,
): Moved {
  return runVelocityStep(ALEXNET_STEP, weights, gradients, velocities, step);
}
