/** What a weight costs besides the loss: loss + sum over weights of l1 |w|_1 + l2 |w|_2^2 / 2 + groupLasso sum |filter|_2. */
import * as tf from '@tensorflow/tfjs-core';
import { shrinkFilters, softThreshold } from '../ops/proximal.ts';

/** The first two together are the elastic net (Zou and Hastie 2005), all three the sparse group lasso (Friedman et al. 2010). */
export type Penalty = { readonly l1: number; readonly l2: number; readonly groupLasso: number };

/** The gradient with that of the smooth part, l2 w. */
export function addPenaltyGradient(gradient: tf.Tensor, weight: tf.Tensor, { l2 }: Penalty): tf.Tensor {
  return l2 === 0 ? gradient : tf.add(gradient, tf.mul(weight, l2));
}

/** Whether it has a corner at 0, whose gradient jumps there. */
export const hasCorner = ({ l1, groupLasso }: Penalty): boolean => l1 > 0 || groupLasso > 0;

/**
 * A weight after the step of the other parts: each value, then each filter, is drawn to 0 by the step times its penalty and
 * stays there once it gets there (proximal gradient descent; Yu 2013 shows that the two steps in this order are that of
 * their sum).
 * @param step what a weight moves by, in the end, against a gradient that stays 1: the rate times the rule's gain. Only
 * then is w = prox(w - step g) where the weights rest, and the sum of loss and penalties least.
 */
export function proximalStep(weight: tf.Tensor, step: number, { l1, groupLasso }: Penalty): tf.Tensor {
  const sparse = l1 === 0 ? weight : softThreshold(weight, step * l1);
  return groupLasso === 0 ? sparse : shrinkFilters(sparse, step * groupLasso);
}
