/**
 * Gradients of convolutions as compositions of kernels that XNNPACK runs fast: the WASM backend of tfjs has a slow one for
 * the input, none for the filter and none for depthwise convolutions.
 */
import * as tf from '@tensorflow/tfjs-core';

type Explicit = tf.backend_util.ExplicitPadding;

export type ConvAttributes = {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | Explicit;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
};

type Shape4 = [number, number, number, number];

/** Sizes, strides and padding of a convolution whose input has the shape `x`. */
export function convInfo(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dataFormat = 'NHWC', dimRoundingMode }: ConvAttributes,
  depthwise: boolean,
): tf.backend_util.Conv2DInfo {
  if (dataFormat !== 'NHWC')
    throw new Error(`The WASM backend differentiates NHWC convolutions, not ${dataFormat}.`);
  return tf.backend_util.computeConv2DInfo(
    x as Shape4,
    filter as Shape4,
    strides,
    1,
    pad,
    dimRoundingMode,
    depthwise,
  );
}

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

const isPointwise = ({
  filterHeight,
  filterWidth,
  strideHeight,
  strideWidth,
  padInfo,
}: tf.backend_util.Conv2DInfo): boolean =>
  filterHeight * filterWidth * strideHeight * strideWidth === 1 &&
  padInfo.top + padInfo.left + padInfo.bottom + padInfo.right === 0;

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

/** @param dy [N, h, w, CO] @param filter [kh, kw, CI, CO] @returns dL/dx [N, H, W, CI]. */
export function inputGradient(
  dy: tf.Tensor4D,
  filter: tf.Tensor4D,
  info: tf.backend_util.Conv2DInfo,
): tf.Tensor4D {
  const { inShape } = info;
  const [kh, kw, ci, co] = filter.shape;
  if (isPointwise(info)) {
    const flat = tf.matMul(tf.reshape(dy, [-1, co]), tf.transpose(tf.reshape(filter, [ci, co])));
    return tf.reshape(flat, inShape) as tf.Tensor4D;
  }
  const turned = tf.transpose(
    kh * kw === 1 ? filter : tf.reverse(filter, [0, 1]),
    [0, 1, 3, 2],
  ) as tf.Tensor4D;
  const { gaps, pad } = surrounded(dy, info);
  if (pad.flat().some((side) => side < 0)) return tf.conv2d(padOrCrop(gaps, pad), turned, 1, 'valid');
  return tf.conv2d(gaps, turned, 1, pad);
}

/**
 * dL/dK as one dilated convolution: rows and input channels are merged into one axis, on which dy slides with a dilation
 * of stride * CI, so that output row i * CI + c is tap i of input channel c.
 * @param x [N, H, W, CI] @param dy [N, h, w, CO] @returns [kh, kw, CI, CO].
 */
export function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  info: tf.backend_util.Conv2DInfo,
): tf.Tensor4D {
  const [n, h, w, ci] = x.shape;
  const { filterHeight: kh, filterWidth: kw, strideHeight, strideWidth, outHeight, outWidth, padInfo } = info;
  const co = dy.shape[3];
  if (isPointwise(info)) {
    const flat = tf.matMul(tf.transpose(tf.reshape(x, [-1, ci])), tf.reshape(dy, [-1, co]));
    return tf.reshape(flat, [1, 1, ci, co]) as tf.Tensor4D;
  }
  const rows = tf.reshape(tf.transpose(x, [1, 3, 2, 0]), [1, h * ci, w, n]) as tf.Tensor4D;
  const filter = tf.transpose(dy, [1, 2, 0, 3]) as tf.Tensor4D;
  // The rows at the end that a stride never reached are left out, or they would make taps that are not there.
  const pad: Explicit = [
    [0, 0],
    [padInfo.top * ci, ((outHeight - 1) * strideHeight + kh - h - padInfo.top) * ci],
    [padInfo.left, (outWidth - 1) * strideWidth + kw - w - padInfo.left],
    [0, 0],
  ];
  const dilation: [number, number] = [strideHeight * ci, strideWidth];
  const taps = pad.flat().some((side) => side < 0)
    ? tf.conv2d(padOrCrop(rows, pad), filter, 1, 'valid', 'NHWC', dilation)
    : tf.conv2d(rows, filter, 1, pad, 'NHWC', dilation);
  return tf.transpose(tf.reshape(taps, [kh, ci, kw, co]), [0, 2, 1, 3]) as tf.Tensor4D;
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
