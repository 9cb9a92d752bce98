/** A step of gradient descent with Nesterov momentum on all weights as one operation. */
import * as tf from '@tensorflow/tfjs-core';
import { defineComposition } from './composition.ts';
import { listOf, runVelocityStep } from './lists.ts';
import type { Moved } from './lists.ts';

/** Inputs w0.., g0.., v0.. (weights, gradients, velocities); outputs the new weights and then the new velocities. */
export const MOMENTUM_STEP = 'TengenMomentumStep';

export type MomentumStep = {
  readonly count: number;
  readonly rate: number;
  readonly momentum: number;
  /** What each weight is multiplied by before it is moved: 1 - rate * decay. */
  readonly shrink: readonly number[];
};

defineComposition(MOMENTUM_STEP, (inputs, attributes) => {
  const { count, rate, momentum, shrink } = attributes as MomentumStep;
  const [weights, gradients, old] = ['w', 'g', 'v'].map((letter) => listOf(inputs, letter, count));
  const velocities = gradients.map((gradient, i) => tf.add(tf.mul(old[i], momentum), gradient));
  const moved = weights.map((weight, i) => {
    const kept = shrink[i] === 1 ? weight : tf.mul(weight, shrink[i]);
    return tf.sub(kept, tf.mul(tf.add(gradients[i], tf.mul(velocities[i], momentum)), rate));
  });
  return [...moved, ...velocities];
});

/**
 * Nesterov's momentum: v <- m v + g, w <- s w - rate (g + m v) (Sutskever et al. 2013, eq. 3 and 4, in the form that
 * keeps the weights where the gradient was taken), with decoupled decay s (Loshchilov and Hutter 2019, Algorithm 1).
 * @returns the new weights and velocities; the caller disposes.
 */
export function momentumStep(
  weights: readonly tf.Tensor[],
  gradients: readonly tf.Tensor[],
  velocities: readonly tf.Tensor[],
  step: Omit<MomentumStep, 'count'>,
): Moved {
  return runVelocityStep(MOMENTUM_STEP, weights, gradients, velocities, step);
}
