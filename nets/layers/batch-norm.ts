/** Batch normalisation, whose statistics count only on-board points so that padding changes nothing, and a relu. */
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import { batchNormRelu } from '../ops/batch-norm.ts';
import '../ops/relu.ts';

type LayerVariable = ReturnType<layers.Layer['addWeight']>;

/** Added to variances of activations, which are about 1. Keras's default. */
export const BN_EPSILON = 1e-3;
/**
 * The share of the old moving statistics kept at each step, so that they average the last 50 or so. Our choice: less
 * than Keras's 0.99, for runs of a few thousand steps.
 */
const MOMENTUM = 0.98;

/**
 * y = gamma (x - mu) / sqrt(var + eps) + beta on board points, 0 elsewhere (Ioffe and Szegedy 2015, Algorithm 1),
 * with the closed gradient of the same paper, section 3.
 * @param x [M, C] @param mask [M, 1] of 0 and 1 @param gamma [C] @param beta [C]
 * @returns y [M, C] and the batch statistics [1, C], var with the divisor m (biased).
 */
export function normalizeBatch(
  x: tf.Tensor2D,
  mask: tf.Tensor2D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
): { y: tf.Tensor2D; mean: tf.Tensor2D; variance: tf.Tensor2D; count: tf.Scalar } {
  const count = tf.sum(mask) as tf.Scalar;
  const row = tf.div(tf.reshape(mask, [1, -1]), count) as tf.Tensor2D;
  const mean = tf.matMul(row, x) as tf.Tensor2D;
  const variance = tf.matMul(row, tf.square(tf.sub(x, mean))) as tf.Tensor2D;
  const inverse = tf.rsqrt(tf.add(variance, BN_EPSILON));
  const apply = tf.customGrad((input, scale, shift, save) => {
    const xHat = tf.mul(tf.sub(input as tf.Tensor, mean), inverse);
    // Everything the gradient needs is saved: an enclosing tidy would dispose what is only captured.
    (save as tf.GradSaveFunc)([xHat, scale as tf.Tensor, inverse, row, count, mask]);
    const value = tf.mul(tf.add(tf.mul(xHat, scale as tf.Tensor), shift as tf.Tensor), mask);
    return {
      value,
      gradFunc: (dy: tf.Tensor, [hat, g, scaleInverse, weights, points, onBoard]: tf.Tensor[]) => {
        const masked = tf.mul(dy, onBoard);
        const meanDy = tf.matMul(weights, masked);
        const meanDyHat = tf.matMul(weights, tf.mul(masked, hat));
        const inner = tf.sub(tf.sub(masked, meanDy), tf.mul(hat, meanDyHat));
        const dx = tf.mul(tf.mul(inner, tf.mul(scaleInverse, g)), onBoard);
        return [dx, tf.reshape(tf.mul(meanDyHat, points), [-1]), tf.reshape(tf.mul(meanDy, points), [-1])];
      },
    };
  });
  return { y: apply(x, gamma, beta) as tf.Tensor2D, mean, variance, count };
}

/** `normalizeBatch` of maps, its relu, and the moving statistics [C] after it. */
function normalizeOnBoard(
  x: tf.Tensor4D,
  mask: tf.Tensor4D,
  gamma: tf.Tensor1D,
  beta: tf.Tensor1D,
  moving: { readonly mean: tf.Tensor; readonly variance: tf.Tensor },
): { y: tf.Tensor; mean: tf.Tensor; variance: tf.Tensor } {
  const flat = tf.reshape(x, [-1, x.shape[3]]) as tf.Tensor2D;
  const column = tf.reshape(mask, [-1, 1]) as tf.Tensor2D;
  const { y, mean, variance, count } = normalizeBatch(flat, column, gamma, beta);
  // The population's variance is estimated with m / (m - 1), as in Algorithm 2 of the paper.
  const unbiased = tf.mul(variance, tf.div(count, tf.maximum(tf.sub(count, 1), 1)));
  const move = (old: tf.Tensor, now: tf.Tensor): tf.Tensor =>
    tf.add(tf.mul(old, MOMENTUM), tf.mul(tf.reshape(now, [-1]), 1 - MOMENTUM));
  return {
    y: tf.relu(tf.reshape(y, x.shape)),
    mean: move(moving.mean, mean),
    variance: move(moving.variance, unbiased),
  };
}

export class MaskedBatchNormRelu extends layers.Layer {
  static className = 'TengenMaskedBatchNormRelu';
  private weightsByName: Record<'gamma' | 'beta' | 'movingMean' | 'movingVariance', LayerVariable> | null =
    null;

  constructor(options: { name: string }) {
    super(options);
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = [(inputShape as Shape[])[0][3] as number];
    const [zeros, ones] = [initializers.zeros(), initializers.ones()];
    this.weightsByName = {
      gamma: this.addWeight('gamma', shape, 'float32', ones),
      beta: this.addWeight('beta', shape, 'float32', zeros),
      movingMean: this.addWeight('moving_mean', shape, 'float32', zeros, undefined, false),
      movingVariance: this.addWeight('moving_variance', shape, 'float32', ones, undefined, false),
    };
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return (inputShape as Shape[])[0];
  }

  /**
   * Inputs [x [N, H, W, C], mask [N, H, W, 1]]; batch statistics when `training`, moving ones otherwise. `fullBoards`
   * promises that the mask is 1 everywhere, which saves its products.
   */
  override call(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: { training?: boolean; fullBoards?: boolean },
  ): tf.Tensor {
    const [x, mask] = inputs as tf.Tensor4D[];
    const weights = this.weightsByName;
    if (weights === null) throw new Error('internal: batch norm used before it was built');
    return tf.tidy(() => {
      const gamma = weights.gamma.read() as tf.Tensor1D;
      const beta = weights.beta.read() as tf.Tensor1D;
      if (kwargs.training !== true) {
        const scale = tf.mul(gamma, tf.rsqrt(tf.add(weights.movingVariance.read(), BN_EPSILON)));
        const shift = tf.sub(beta, tf.mul(weights.movingMean.read(), scale));
        return tf.mul(tf.relu(tf.add(tf.mul(x, scale), shift)), mask);
      }
      const moving = { mean: weights.movingMean.read(), variance: weights.movingVariance.read() };
      const { y, mean, variance } =
        kwargs.fullBoards === true
          ? batchNormRelu(x, gamma, beta, moving, { epsilon: BN_EPSILON, share: MOMENTUM })
          : normalizeOnBoard(x, mask, gamma, beta, moving);
      weights.movingMean.write(mean);
      weights.movingVariance.write(variance);
      return y;
    });
  }
}
