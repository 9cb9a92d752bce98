/** A step of gradient descent with momentum on all weights as one operation. */
import * as tf from '@tensorflow/tfjs-core';
import { defineComposition } from './composition.ts';

/** Inputs w0.., g0.., v0.. (weights, gradients, velocities); outputs the new weights and then the new velocities. */
export const MOMENTUM_STEP = 'TengenMomentumStep';

export type MomentumStep = {
  readonly count: number;
  readonly rate: number;
  readonly momentum: number;
  /** What each weight is multiplied by at the end: 1 - rate * decay. */
  readonly shrink: readonly number[];
};

defineComposition(MOMENTUM_STEP, (inputs, attributes) => {
  const { count, rate, momentum, shrink } = attributes as MomentumStep;
  const weights: tf.Tensor[] = [];
  const velocities: tf.Tensor[] = [];
  for (let i = 0; i < count; i++) {
    const gradient = inputs[`g${i}`];
    const velocity = tf.add(tf.mul(inputs[`v${i}`], momentum), gradient);
    const moved = tf.sub(inputs[`w${i}`], tf.mul(tf.add(gradient, tf.mul(velocity, momentum)), rate));
    weights.push(shrink[i] === 1 ? moved : tf.mul(moved, shrink[i]));
    velocities.push(velocity);
  }
  return [...weights, ...velocities];
});

/**
 * Nesterov's momentum: v <- m v + g, w <- s (w - rate (g + m v)) (Sutskever et al. 2013, eq. 3 and 4, in the form that
 * keeps the weights where the gradient was taken), with decoupled decay s (Loshchilov and Hutter 2019, Algorithm 1).
 * @returns the new weights and velocities; the caller disposes.
 */
export function momentumStep(
  weights: readonly tf.Tensor[],
  gradients: readonly tf.Tensor[],
  velocities: readonly tf.Tensor[],
  step: Omit<MomentumStep, 'count'>,
): { weights: tf.Tensor[]; velocities: tf.Tensor[] } {
  const inputs: tf.NamedTensorMap = {};
  weights.forEach((weight, i) => (inputs[`w${i}`] = weight));
  gradients.forEach((gradient, i) => (inputs[`g${i}`] = gradient));
  velocities.forEach((velocity, i) => (inputs[`v${i}`] = velocity));
  const attributes = { ...step, count: weights.length } as unknown as tf.NamedAttrMap;
  const outputs = tf.engine().runKernel(MOMENTUM_STEP, inputs, attributes) as tf.Tensor[];
  return { weights: outputs.slice(0, weights.length), velocities: outputs.slice(weights.length) };
}
