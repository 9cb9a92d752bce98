/** Targets that are not quite sure, and how often they are met. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * (1 - share) target + share / K on the K answers that there are (Szegedy et al. 2016, section 7): no logit has to grow
 * without end.
 * @param target [B, A], rows sum to 1. @param answers [B, A]: 1 for what may be answered, 0 elsewhere.
 */
export function smoothed(target: tf.Tensor2D, answers: tf.Tensor2D, share: number): tf.Tensor2D {
  if (share === 0) return target;
  return tf.add(tf.mul(target, 1 - share), tf.mul(tf.div(answers, tf.sum(answers, 1, true)), share));
}

/** [B]: 1 where the largest logit of a row is where the target is largest, else 0. */
export function hits(logits: tf.Tensor, target: tf.Tensor2D): tf.Tensor1D {
  return tf.cast(tf.equal(tf.argMax(logits, 1), tf.argMax(target, 1)), 'float32');
}

/** Share of the rows that hit. */
export const hitShare = (logits: tf.Tensor, target: tf.Tensor2D): tf.Scalar => tf.mean(hits(logits, target));
