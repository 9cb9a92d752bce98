/** Batch normalisation, whose statistics count only on-board points so that padding changes nothing, and perhaps a relu. */
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import { BN_EPSILON } from '../architectures/layers.ts';
import type { BatchNormOptions } from '../architectures/layers.ts';
import { batchNorm } from '../ops/batch-norm.ts';
import '../ops/relu.ts';

type LayerVariable = ReturnType<layers.Layer['addWeight']>;

/**
 * The share of the old moving statistics kept at each step, so that they average the last 50 or so. Our choice: less
 * than Keras's 0.99, for runs of a few thousand steps.
 */
const MOMENTUM = 0.98;

export class MaskedBatchNorm extends layers.Layer {
  static className = 'TengenMaskedBatchNorm';
  private weightsByName: Record<'gamma' | 'beta' | 'movingMean' | 'movingVariance', LayerVariable> | null =
    null;
  private readonly relu: boolean;
  private readonly gamma: number;

  constructor({ name, relu = true, gamma = 1 }: BatchNormOptions & { name: string }) {
    super({ name });
    this.relu = relu;
    this.gamma = gamma;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = [(inputShape as Shape[])[0].at(-1) as number];
    const [zeros, ones] = [initializers.zeros(), initializers.ones()];
    this.weightsByName = {
      gamma: this.addWeight('gamma', shape, 'float32', initializers.constant({ value: this.gamma })),
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
   * Inputs [x [N, H, W, C] or [N, C], mask [N, H, W, 1] of maps]; batch statistics when `training` or where
   * `statisticsShare` says how much of the moving ones stays, moving ones otherwise. A layer that is not trainable
   * normalises by the moving ones always, and they stay. `fullBoards` promises that the mask is 1 everywhere, which saves
   * its products.
   */
  override call(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: { training?: boolean; fullBoards?: boolean; statisticsShare?: number } = {},
  ): tf.Tensor {
    const [x, board] = inputs as tf.Tensor[];
    const mask = kwargs.fullBoards === true || x.rank === 2 ? null : (board as tf.Tensor4D);
    const weights = this.weightsByName;
    if (weights === null) throw new Error('internal: batch norm used before it was built');
    return tf.tidy(() => {
      const gamma = weights.gamma.read() as tf.Tensor1D;
      const beta = weights.beta.read() as tf.Tensor1D;
      const gathers = kwargs.training === true || kwargs.statisticsShare !== undefined;
      if (!gathers || !this.trainable) {
        const scale = tf.mul(gamma, tf.rsqrt(tf.add(weights.movingVariance.read(), BN_EPSILON)));
        const shift = tf.sub(beta, tf.mul(weights.movingMean.read(), scale));
        const normed = tf.add(tf.mul(x, scale), shift);
        const rectified = this.relu ? tf.relu(normed) : normed;
        return mask === null ? rectified : tf.mul(rectified, mask);
      }
      // A vector is a map of one point.
      const map = (x.rank === 2 ? tf.reshape(x, [-1, 1, 1, gamma.size]) : x) as tf.Tensor4D;
      const { y, mean, variance } = batchNorm(
        map,
        gamma,
        beta,
        mask,
        { mean: weights.movingMean.read(), variance: weights.movingVariance.read() },
        { epsilon: BN_EPSILON, share: kwargs.statisticsShare ?? MOMENTUM, relu: this.relu },
      );
      weights.movingMean.write(mean);
      weights.movingVariance.write(variance);
      tf.dispose([mean, variance]);
      return x.rank === 2 ? tf.reshape(y, x.shape) : y;
    });
  }
}
