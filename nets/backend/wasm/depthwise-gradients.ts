/** Gradients of depthwise convolutions as compositions: tfjs's WASM backend has none. */
import * as tf from '@tensorflow/tfjs-core';

type Explicit = tf.backend_util.ExplicitPadding;

type Shape4 = [number, number, number, number];

/** Puts stride - 1 zeros between neighbours: [N, h, w, C] to [N, (h - 1) s + 1, (w - 1) t + 1, C]. */
export function spread(x: tf.Tensor4D, s: number, t: number): tf.Tensor4D {
  if (s === 1 && t === 1) return x;
  const [n, h, w, c] = x.shape;
  const gaps: [number, number][] = [
    [0, 0],
    [0, 0],
    [0, s - 1],
    [0, 0],
    [0, (t - 1) * c],
  ];
  const wide = tf.reshape(tf.pad(tf.reshape(x, [n, h, 1, w, c]), gaps), [n, h * s, w * t, c]) as tf.Tensor4D;
  return tf.slice(wide, [0, 0, 0, 0], [n, (h - 1) * s + 1, (w - 1) * t + 1, c]);
}

/**
 * dy in the place of an input, padded so that a stride-1 'valid' convolution with the turned filter gives dL/dx:
 * k - 1 points of zeros all around, less the forward padding, and more where the last rows were never read.
 */
function surrounded(dy: tf.Tensor4D, info: tf.backend_util.Conv2DInfo): { gaps: tf.Tensor4D; pad: Explicit } {
  const { padInfo, filterHeight, filterWidth, strideHeight, strideWidth, inHeight, inWidth } = info;
  const gaps = spread(dy, strideHeight, strideWidth);
  const top = filterHeight - 1 - padInfo.top;
  const left = filterWidth - 1 - padInfo.left;
  const bottom = inHeight + filterHeight - 1 - top - gaps.shape[1];
  const right = inWidth + filterWidth - 1 - left - gaps.shape[2];
  return {
    gaps,
    pad: [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
  };
}

/** Pads, and crops where a padding is negative: there the windows never reached the border. */
export function padOrCrop(x: tf.Tensor4D, pad: Explicit): tf.Tensor4D {
  const begin = pad.map(([before]) => Math.max(0, -before));
  const size = x.shape.map((side, axis) => side - begin[axis] - Math.max(0, -pad[axis][1]));
  const cropped = pad.flat().some((side) => side < 0) ? tf.slice(x, begin, size) : x;
  return tf.pad(
    cropped,
    pad.map((pair) => pair.map((side) => Math.max(0, side))) as [number, number][],
  ) as tf.Tensor4D;
}

/** @param dy [N, h, w, C * M] @param filter [kh, kw, C, M] @returns dL/dx [N, H, W, C]. */
export function depthwiseInputGradient(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  info: tf.backend_util.Conv2DInfo,
): tf.Tensor4D {
  const [, , c, m] = filter.shape;
  const turned = tf.reverse(filter, [0, 1]);
  const { gaps, pad } = surrounded(dy, info);
  const padded = padOrCrop(gaps, pad);
  if (m === 1) return tf.depthwiseConv2d(padded, turned, 1, 'valid');
  const [n, h, w] = padded.shape;
  const byCopy = tf.reshape(padded, [n, h, w, c, m]);
  const copies = Array.from({ length: m }, (_, i) => {
    const share = tf.reshape(tf.slice(byCopy, [0, 0, 0, 0, i], [n, h, w, c, 1]), [n, h, w, c]) as tf.Tensor4D;
    return tf.depthwiseConv2d(share, tf.slice(turned, [0, 0, 0, i], [-1, -1, -1, 1]), 1, 'valid');
  });
  return tf.addN(copies) as tf.Tensor4D;
}

/** Tap by tap, since depthwise products do not mix channels. @returns dL/dK [kh, kw, C, M]. */
export function depthwiseFilterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  info: tf.backend_util.Conv2DInfo,
): tf.Tensor4D {
  const {
    filterHeight: kh,
    filterWidth: kw,
    strideHeight: s,
    strideWidth: t,
    padInfo,
    outHeight: oh,
    outWidth: ow,
  } = info;
  const c = info.inChannels;
  const m = info.outChannels / c;
  const n = x.shape[0];
  const padded = padOrCrop(x, [
    [0, 0],
    [padInfo.top, (oh - 1) * s + kh - x.shape[1] - padInfo.top],
    [padInfo.left, (ow - 1) * t + kw - x.shape[2] - padInfo.left],
    [0, 0],
  ]);
  const ones = tf.ones([1, n * oh * ow]) as tf.Tensor2D;
  const grads = tf.reshape(dy, [n * oh * ow, c, m]);
  const taps: tf.Tensor[] = [];
  for (let i = 0; i < kh; i++)
    for (let j = 0; j < kw; j++) {
      const end: Shape4 = [n, i + (oh - 1) * s + 1, j + (ow - 1) * t + 1, c];
      const seen = tf.stridedSlice(padded, [0, i, j, 0], end, [1, s, t, 1]);
      const products = tf.mul(grads, tf.reshape(seen, [n * oh * ow, c, 1]));
      // A product with a row of ones sums faster than a reduction.
      taps.push(tf.matMul(ones, tf.reshape(products, [n * oh * ow, c * m])));
    }
  return tf.reshape(tf.concat(taps, 0), [kh, kw, c, m]) as tf.Tensor4D;
}
