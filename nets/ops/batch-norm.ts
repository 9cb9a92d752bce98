/** Batch normalisation and the relu after it as one operation, which a backend may have a kernel of its own for. */
import * as tf from '@tensorflow/tfjs-core';
import { defineComposition } from './composition.ts';

/** Inputs x [N, H, W, C], gamma [C], beta [C]; attribute epsilon; outputs y = relu(bn(x)) [N, H, W, C], mean [C], 1 / sqrt(var + eps) [C]. */
export const BATCH_NORM = 'TengenBatchNorm';
/** Inputs dy, x and y [N, H, W, C], gamma, mean, inverse [C]; attribute epsilon; outputs dx, dgamma, dbeta. */
export const BATCH_NORM_GRAD = 'TengenBatchNormGrad';

type Row = tf.Tensor2D;

/** [1, M] of 1 / M: a product with it is a mean over rows, which XNNPACK runs faster than a reduction. */
const meanRow = (rows: number): Row => tf.fill([1, rows], 1 / rows) as Row;

defineComposition(BATCH_NORM, ({ x, gamma, beta }, { epsilon }) => {
  const flat = tf.reshape(x, [-1, gamma.shape[0]]) as Row;
  const row = meanRow(flat.shape[0]);
  const mean = tf.matMul(row, flat);
  const variance = tf.matMul(row, tf.square(tf.sub(flat, mean)));
  const inverse = tf.rsqrt(tf.add(variance, epsilon as number));
  const scale = tf.mul(gamma, inverse);
  const y = tf.relu(tf.add(tf.mul(flat, scale), tf.sub(beta, tf.mul(mean, scale))));
  return [tf.reshape(y, x.shape), tf.reshape(mean, [-1]), tf.reshape(inverse, [-1])];
});

/**
 * dx = a dy + b x + c with one a, b, c a channel: a = gamma / sigma, b = -a mean(dy xHat) / sigma,
 * c = -a mean(dy) - b mu (Ioffe and Szegedy 2015, section 3, collected by powers of x), where dy is 0 at points that the
 * relu cut off.
 */
defineComposition(BATCH_NORM_GRAD, ({ dy, x, y, gamma, mean, inverse }) => {
  const channels = gamma.shape[0];
  const throughRelu = tf.mul(dy, tf.cast(tf.step(y), 'float32'));
  const [g, flat] = [tf.reshape(throughRelu, [-1, channels]) as Row, tf.reshape(x, [-1, channels]) as Row];
  const row = meanRow(flat.shape[0]);
  const meanDy = tf.matMul(row, g);
  const meanDyHat = tf.mul(tf.sub(tf.matMul(row, tf.mul(g, flat)), tf.mul(mean, meanDy)), inverse);
  const a = tf.mul(gamma, inverse);
  const b = tf.neg(tf.mul(tf.mul(a, meanDyHat), inverse));
  const c = tf.neg(tf.add(tf.mul(a, meanDy), tf.mul(b, mean)));
  const dx = tf.add(tf.mul(g, a), tf.add(tf.mul(flat, b), c));
  const sum = (means: tf.Tensor): tf.Tensor => tf.reshape(tf.mul(means, flat.shape[0]), [-1]);
  return [tf.reshape(dx, x.shape), sum(meanDyHat), sum(meanDy)];
});

tf.registerGradient({
  kernelName: BATCH_NORM,
  inputsToSave: ['x', 'gamma'],
  outputsToSave: [true, true, true],
  gradFunc: (dy, [x, gamma, y, mean, inverse], attributes) => {
    const inputs = { dy: (dy as tf.Tensor[])[0], x, y, gamma, mean, inverse };
    // Computed at once, outside of the functions below: tfjs tidies up after each of them.
    const [dx, dGamma, dBeta] = tf.engine().runKernel(BATCH_NORM_GRAD, inputs, attributes) as tf.Tensor[];
    return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
  },
});

/** Inputs movingMean, movingVariance, mean, inverse [C]; attributes epsilon, share, points; outputs the two moved [C]. */
export const MOVING_STATISTICS = 'TengenMovingStatistics';

export type MovingStatistics = {
  readonly epsilon: number;
  /** Of the old statistics that is kept. */
  readonly share: number;
  /** Points that the batch's statistics are of: var is unbiased by points / (points - 1). */
  readonly points: number;
};

defineComposition(MOVING_STATISTICS, ({ movingMean, movingVariance, mean, inverse }, attributes) => {
  const { epsilon, share, points } = attributes as MovingStatistics;
  const unbiased = tf.mul(
    tf.sub(tf.reciprocal(tf.square(inverse)), epsilon),
    points / Math.max(points - 1, 1),
  );
  const move = (old: tf.Tensor, now: tf.Tensor): tf.Tensor =>
    tf.add(tf.mul(old, share), tf.mul(now, 1 - share));
  return [move(movingMean, mean), move(movingVariance, unbiased)];
});

/**
 * y = relu(gamma (x - mean) / sqrt(var + epsilon) + beta) over all points (Ioffe and Szegedy 2015, Algorithm 1), and the
 * moving statistics after this batch (Algorithm 2, with the population's variance by m / (m - 1)).
 * @param x float32 [N, H, W, C] @param gamma [C] @param beta [C] @param moving mean and variance [C]
 * @param share of the old moving statistics that is kept.
 * @returns y like x, and the new statistics [C], which are constants to every gradient. The caller disposes.
 */
export function batchNormRelu(
  x: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  moving: { readonly mean: tf.Tensor; readonly variance: tf.Tensor },
  { epsilon, share }: Omit<MovingStatistics, 'points'>,
): { y: tf.Tensor4D; mean: tf.Tensor; variance: tf.Tensor } {
  const [y, batchMean, inverse] = tf
    .engine()
    .runKernel(BATCH_NORM, { x, gamma, beta }, { epsilon }) as tf.Tensor[];
  const [mean, variance] = tf
    .engine()
    .runKernel(
      MOVING_STATISTICS,
      { movingMean: moving.mean, movingVariance: moving.variance, mean: batchMean, inverse },
      { epsilon, share, points: x.size / x.shape[3] },
    ) as tf.Tensor[];
  return { y: y as tf.Tensor4D, mean, variance };
}
