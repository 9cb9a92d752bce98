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

/** Share of the rows whose largest logit is where the target is largest. */
export function hitShare(logits: tf.Tensor, target: tf.Tensor2D): tf.Scalar {
  return tf.mean(tf.cast(tf.equal(tf.argMax(logits, 1), tf.argMax(target, 1)), 'float32'));
}
