/** Proximal steps of the penalties that have a corner at 0, which is what makes weights exactly 0. */
import * as tf from '@tensorflow/tfjs-core';

/** The soft threshold, argmin over u of t |u|_1 + |u - w|_2^2 / 2 = sign(w) max(|w| - t, 0) (Parikh and Boyd 2014, eq. 6.9). */
export function softThreshold(w: tf.Tensor, t: number): tf.Tensor {
  return tf.tidy(() => tf.sub(w, tf.clipByValue(w, -t, t)));
}

/**
 * The same of each filter f, which is what leads to one output (the last axis) of a kernel: argmin over u of
 * t |u|_2 + |u - f|_2^2 / 2 = max(1 - t / |f|_2, 0) f (Yuan and Lin 2006; Parikh and Boyd 2014, section 6.5.4).
 * What is 0 stays so, also where t is: the limit of t / |f|_2 does not matter there.
 */
export function shrinkFilters(w: tf.Tensor, t: number): tf.Tensor {
  return tf.tidy(() => {
    const inputs = Array.from({ length: w.rank - 1 }, (_, axis) => axis);
    const norms = tf.sqrt(tf.sum(tf.square(w), inputs));
    return tf.mul(w, tf.relu(tf.sub(1, tf.divNoNan(t, norms))));
  });
}
