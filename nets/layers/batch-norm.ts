/** Batch normalisation, whose statistics count only on-board points so that padding changes nothing, and a relu. */
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import { BN_EPSILON } from '../architectures/layers.ts';
import { batchNormRelu } from '../ops/batch-norm.ts';
import '../ops/relu.ts';

type LayerVariable = ReturnType<layers.Layer['addWeight']>;

/**
 * The share of the old moving statistics kept at each step, so that they average the last 50 or so. Our choice: less
 * than Keras's 0.99, for runs of a few thousand steps.
 */
const MOMENTUM = 0.98;

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
      const { y, mean, variance } = batchNormRelu(
        x,
        gamma,
        beta,
        kwargs.fullBoards === true ? null : mask,
        { mean: weights.movingMean.read(), variance: weights.movingVariance.read() },
        { epsilon: BN_EPSILON, share: MOMENTUM },
      );
      weights.movingMean.write(mean);
      weights.movingVariance.write(variance);
      tf.dispose([mean, variance]);
      return y;
    });
  }
}
