/** The gradient of max pooling as a composition: the kernel of the WASM backend is wrong where all of a window is negative. */
import * as tf from '@tensorflow/tfjs-core';
import { padOrCrop, spread } from './depthwise-gradients.ts';

export type PoolAttributes = {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
};

/**
 * dy goes to the first largest point of each window.
 * @param dy [N, h, w, C] @param x the input of the pooling [N, H, W, C] @param y its output [N, h, w, C]
 * @returns dL/dx [N, H, W, C].
 */
export function maxPoolGradient(
  dy: tf.Tensor4D,
  x: tf.Tensor4D,
  y: tf.Tensor4D,
  { filterSize, strides, pad, dimRoundingMode }: PoolAttributes,
): tf.Tensor4D {
  const info = tf.backend_util.computePool2DInfo(x.shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { filterHeight, filterWidth, strideHeight: s, strideWidth: t, outHeight: h, outWidth: w } = info;
  const [n, height, width, c] = x.shape;
  const { top, left } = info.padInfo;
  const bottom = Math.max(0, (h - 1) * s + filterHeight - height - top);
  const right = Math.max(0, (w - 1) * t + filterWidth - width - left);
  const gaps: [number, number][] = [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ];
  // Not infinity, whose product with 0 would be no number.
  const padded = tf.pad(x, gaps, -3.4e38);
  let unclaimed: tf.Tensor = tf.onesLike(y);
  const parts: tf.Tensor4D[] = [];
  for (let i = 0; i < filterHeight; i++)
    for (let j = 0; j < filterWidth; j++) {
      const end: [number, number, number, number] = [n, i + (h - 1) * s + 1, j + (w - 1) * t + 1, c];
      const tap = tf.stridedSlice(padded, [0, i, j, 0], end, [1, s, t, 1]);
      const hit = tf.mul(tf.cast(tf.equal(tap, y), 'float32'), unclaimed);
      unclaimed = tf.sub(unclaimed, hit);
      const placed = spread(tf.mul(dy, hit) as tf.Tensor4D, s, t);
      // From the place of the tap in the padded input to the input.
      parts.push(
        padOrCrop(placed, [
          [0, 0],
          [i - top, height - (i - top) - placed.shape[1]],
          [j - left, width - (j - left) - placed.shape[2]],
          [0, 0],
        ]),
      );
    }
  return tf.addN(parts);
}
