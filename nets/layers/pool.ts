/** Global pooling over the points on the board, in KataGo's two forms, which tell the net how large the board is. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import { POOLED_PARTS } from '../architectures/layers.ts';
import type { PoolOptions } from '../architectures/layers.ts';
import { hidden } from './combine.ts';
import { globalPool } from '../ops/global-pool.ts';

/**
 * See `PoolOptions`.
 * Inputs [x [N, H, W, C], mask [N, H, W, 1]]; x is 0 off the board, and nowhere negative unless `signed`. Output [N, 3 C].
 */
export class GlobalPool extends layers.Layer {
  static className = 'TengenGlobalPool';
  private readonly options: PoolOptions;

  constructor({ name, ...options }: PoolOptions & { name: string }) {
    super({ name });
    this.options = options;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, , , channels] = (inputShape as Shape[])[0];
    return [batch, POOLED_PARTS * (channels as number)];
  }

  /** `fullBoards` promises that the mask is 1 everywhere. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { fullBoards?: boolean } = {}): tf.Tensor {
    const [x, mask] = inputs as tf.Tensor4D[];
    const { kind, signed } = this.options;
    if (kwargs.fullBoards === true) return globalPool(x, null, kind);
    if (!signed || kind === 'value') return globalPool(x, mask, kind);
    return tf.tidy(() => {
      const sums = globalPool(x, mask, 'value');
      const largest = globalPool(tf.add(x, hidden(mask)), null, 'policy');
      const channels = x.shape[3];
      return tf.concat([tf.slice(sums, [0, 0], [-1, 2 * channels]), tf.slice(largest, [0, 2 * channels])], 1);
    });
  }
}

/** [x [N, H, W, C], 0 off the board, mask [N, H, W, 1]] -> the mean over the board, [N, C]. */
export class PointMean extends layers.Layer {
  static className = 'TengenPointMean';

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, , , channels] = (inputShape as Shape[])[0];
    return [batch, channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x, mask] = inputs as tf.Tensor[];
    return tf.tidy(() => tf.div(tf.sum(x, [1, 2]), tf.sum(mask, [1, 2])));
  }
}
