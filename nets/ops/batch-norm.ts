/** Batch normalisation of the points on the board, and the relu that may follow, as one operation. */
import * as tf from '@tensorflow/tfjs-core';
import { defineComposition, runKernel } from './composition.ts';

/**
 * Inputs x [N, H, W, C], gamma, beta, movingMean, movingVariance [C], and mask [N, H, W, 1] of 0 and 1 where boards do not
 * fill their buffer; attributes epsilon, share, relu. Outputs y = bn(x) mask or relu(bn(x)) mask [N, H, W, C], mean [C], 1 / sqrt(var + eps)
 * [C], and the moving statistics [C] after this batch.
 */
export const BATCH_NORM = 'TengenBatchNorm';
/** Inputs dy, x and y [N, H, W, C], gamma, mean, inverse [C], perhaps mask; attributes epsilon, relu; outputs dx, dgamma, dbeta. */
export const BATCH_NORM_GRAD = 'TengenBatchNormGrad';

export type BatchNorm = {
  readonly epsilon: number;
  /** Of the old moving statistics that is kept. */
  readonly share: number;
  /** Whether a relu follows. */
  readonly relu: boolean;
};

type Row = tf.Tensor2D;

/** [1, M] of 1 / points at points on the board: a product with it is a mean, which runs faster than a reduction. */
function meanRow(rows: number, mask: tf.Tensor | undefined): { row: Row; points: tf.Tensor } {
  if (mask === undefined) return { row: tf.fill([1, rows], 1 / rows) as Row, points: tf.scalar(rows) };
  const points = tf.sum(mask);
  return { row: tf.div(tf.reshape(mask, [1, rows]), points) as Row, points };
}

defineComposition(BATCH_NORM, ({ x, gamma, beta, movingMean, movingVariance, mask }, attributes) => {
  const { epsilon, share, relu } = attributes as BatchNorm;
  const flat = tf.reshape(x, [-1, gamma.shape[0]]) as Row;
  const { row, points } = meanRow(flat.shape[0], mask);
  const mean = tf.matMul(row, flat);
  const variance = tf.matMul(row, tf.square(tf.sub(flat, mean)));
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const scale = tf.mul(gamma, inverse);
  const normed = tf.add(tf.mul(flat, scale), tf.sub(beta, tf.mul(mean, scale)));
  const y = tf.reshape(relu ? tf.relu(normed) : normed, x.shape);
  const unbiased = tf.mul(variance, tf.div(points, tf.maximum(tf.sub(points, 1), 1)));
  const move = (old: tf.Tensor, now: tf.Tensor): tf.Tensor =>
    tf.add(tf.mul(old, share), tf.mul(tf.reshape(now, [-1]), 1 - share));
  return [
    mask === undefined ? y : tf.mul(y, mask),
    tf.reshape(mean, [-1]),
    tf.reshape(inverse, [-1]),
    move(movingMean, mean),
    move(movingVariance, unbiased),
  ];
});

/**
 * dx = a dy + b x + c with one a, b, c a channel: a = gamma / sigma, b = -a mean(dy xHat) / sigma,
 * c = -a mean(dy) - b mu (Ioffe and Szegedy 2015, section 3, collected by powers of x), where dy is 0 at points that the
 * relu or the mask cut off.
 */
defineComposition(BATCH_NORM_GRAD, ({ dy, x, y, gamma, mean, inverse, mask }, attributes) => {
  const { relu } = attributes as BatchNorm;
  const channels = gamma.shape[0];
  // Where the mask is 0 so is y.
  const through = relu
    ? tf.mul(dy, tf.cast(tf.step(y), 'float32'))
    : mask === undefined
      ? dy
      : tf.mul(dy, mask);
  const [g, flat] = [tf.reshape(through, [-1, channels]) as Row, tf.reshape(x, [-1, channels]) as Row];
  const { row, points } = meanRow(flat.shape[0], mask);
  const meanDy = tf.matMul(row, g);
  const meanDyHat = tf.mul(tf.matMul(row, tf.mul(g, tf.sub(flat, mean))), inverse);
  const a = tf.mul(gamma, inverse);
  const b = tf.neg(tf.mul(tf.mul(a, meanDyHat), inverse));
  const c = tf.neg(tf.add(tf.mul(a, meanDy), tf.mul(b, mean)));
  const dx = tf.reshape(tf.add(tf.mul(g, a), tf.add(tf.mul(flat, b), c)), x.shape);
  const sum = (means: tf.Tensor): tf.Tensor => tf.reshape(tf.mul(means, points), [-1]);
  return [mask === undefined ? dx : tf.mul(dx, mask), sum(meanDyHat), sum(meanDy)];
});

/**
 * y = gamma (x - mean) / sqrt(var + epsilon) + beta, or its relu, at points on the board, 0 elsewhere, with the statistics of the
 * batch's points on the board (Ioffe and Szegedy 2015, Algorithm 1), and the moving statistics after this batch (Algorithm
 * 2, with the population's variance by m / (m - 1)).
 * @param x float32 [N, H, W, C] @param gamma [C] @param beta [C] @param mask [N, H, W, 1] of 0 and 1, or null for boards
 * that fill their buffer @param moving mean and variance [C].
 * @returns y like x, and the new statistics [C], which are constants to every gradient and kept: the caller disposes.
 */
export function batchNorm(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  mask: tf.Tensor4D | null,
  moving: { readonly mean: tf.Tensor; readonly variance: tf.Tensor },
  attributes: BatchNorm,
): { y: tf.Tensor4D; mean: tf.Tensor; variance: tf.Tensor } {
  let statistics: tf.Tensor[] = [];
  const apply = tf.customGrad((...given) => {
    const [a, g, b, save] = given as unknown as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D, tf.GradSaveFunc];
    const masked: tf.NamedTensorMap = mask === null ? {} : { mask };
    const inputs = { x: a, gamma: g, beta: b, movingMean: moving.mean, movingVariance: moving.variance };
    const outputs = runKernel(BATCH_NORM, { ...inputs, ...masked }, attributes);
    const [value, mean, inverse] = outputs;
    statistics = outputs.slice(3).map((tensor) => tf.keep(tensor));
    save([a, g, value, mean, inverse, ...Object.values(masked)]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [input, scale, y, mu, rsd, board] = saved;
        const known = { dy, x: input, y, gamma: scale, mean: mu, inverse: rsd };
        return runKernel(
          BATCH_NORM_GRAD,
          board === undefined ? known : { ...known, mask: board },
          attributes,
        );
      },
    };
  });
  const y = apply(x, gamma, beta) as tf.Tensor4D;
  return { y, mean: statistics[0], variance: statistics[1] };
}
