/** The other operation that goes by the name of convolution. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * F(i, j) = sum over m, n of X(m, n) K(i - m, j - n), with K's middle at (0, 0), as mathematics defines it. The layers of
 * our nets, as of everybody's, leave the kernel unturned: S(i, j) = sum over m, n of X(i + m, j + n) K(m, n), which is a
 * cross-correlation (Goodfellow et al. 2016, eq. 9.6). One is the other with the kernel turned by 180 degrees, so that
 * what a net can learn is the same.
 * @param x float32 [N, H, W, CI], 0 beyond its edges @param kernel [k, k, CI, CO], k odd.
 * @returns [N, H, W, CO].
 */
export function trueConvolution(x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => tf.conv2d(x, tf.reverse(kernel, [0, 1]), 1, 'same'));
}
