/** Convolutions whose gradients are compositions of forward convolutions: several times faster than the stock ones on WASM. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * Matrix product whose gradients transpose explicitly, since the WASM kernel is fast only without its transpose flags.
 * @param a float32 [M, K] @param b float32 [K, N] @returns float32 [M, N]
 */
const matMulFast: (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor2D = tf.customGrad((a, b, save) => {
  const saved = save as tf.GradSaveFunc;
  saved([a as tf.Tensor, b as tf.Tensor]);
  return {
    value: tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D),
    gradFunc: (dy: tf.Tensor, [x, w]: tf.Tensor[]) => [
      tf.matMul(dy, tf.transpose(w)),
      tf.matMul(tf.transpose(x), dy),
    ],
  };
}) as (a: tf.Tensor, b: tf.Tensor) => tf.Tensor2D;

/**
 * dL/dK of a stride-1 'same' cross-correlation as one dilated convolution: rows and input channels are merged into one
 * axis, on which dy slides with a dilation of CI, so that output row i * CI + c is tap i of input channel c.
 * @param x [N, H, W, CI] @param dy [N, H, W, CO] @returns [k, k, CI, CO], k odd
 */
function kernelGradient(x: tf.Tensor4D, dy: tf.Tensor4D, k: number): tf.Tensor4D {
  const [n, h, w, ci] = x.shape;
  const co = dy.shape[3];
  const pad = (k - 1) / 2;
  const rows = tf.reshape(tf.transpose(x, [1, 3, 2, 0]), [1, h * ci, w, n]) as tf.Tensor4D;
  const filter = tf.transpose(dy, [1, 2, 0, 3]);
  const padding: tf.backend_util.ExplicitPadding = [
    [0, 0],
    [ci * pad, ci * pad],
    [pad, pad],
    [0, 0],
  ];
  const taps = tf.conv2d(rows, filter, 1, padding, 'NHWC', [ci, 1]);
  return tf.transpose(tf.reshape(taps, [k, ci, k, co]), [0, 2, 1, 3]) as tf.Tensor4D;
}

const convSpatial = tf.customGrad((x, kernel, save) => {
  (save as tf.GradSaveFunc)([x as tf.Tensor, kernel as tf.Tensor]);
  return {
    value: tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same'),
    gradFunc: (dy: tf.Tensor, [input, weights]: tf.Tensor[]) => {
      const turned = tf.transpose(tf.reverse(weights, [0, 1]), [0, 1, 3, 2]) as tf.Tensor4D;
      return [
        tf.conv2d(dy as tf.Tensor4D, turned, 1, 'same'),
        kernelGradient(input as tf.Tensor4D, dy as tf.Tensor4D, weights.shape[0]),
      ];
    },
  };
}) as (x: tf.Tensor, kernel: tf.Tensor) => tf.Tensor4D;

/**
 * Cross-correlation with stride 1 and zero 'same' padding.
 * @param x float32 [N, H, W, CI] @param kernel float32 [k, k, CI, CO], k odd
 * @returns float32 [N, H, W, CO]; the caller disposes.
 */
export function convSame(x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
  if (x.shape[3] !== kernel.shape[2] || kernel.shape[0] !== kernel.shape[1] || kernel.shape[0] % 2 === 0)
    throw new Error(`internal: convSame of [${x.shape.join()}] with kernel [${kernel.shape.join()}]`);
  if (kernel.shape[0] > 1) return convSpatial(x, kernel);
  const [n, h, w, ci] = x.shape;
  const co = kernel.shape[3];
  const flat = matMulFast(tf.reshape(x, [n * h * w, ci]), tf.reshape(kernel, [ci, co]));
  return tf.reshape(flat, [n, h, w, co]);
}
