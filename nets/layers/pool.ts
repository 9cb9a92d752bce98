/** Global pooling over the points on the board, in KataGo's two forms, which tell the net how large the board is. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { PoolOptions } from '../architectures/layers.ts';

/** Subtracted from what must not be a maximum. */
const NEVER = 1e4;

/**
 * With n points on the board, d = (sqrt(n) - 14) / 10 and m the mean over them:
 * 'policy' gives [m, m d, max], 'value' gives [m, m d, m (d^2 - 0.1)] (Wu 2019, section 3.3).
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
    return [batch, 3 * (channels as number)];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x, mask] = inputs as tf.Tensor4D[];
    return tf.tidy(() => {
      const n = tf.sum(mask, [1, 2]);
      const mean = tf.div(tf.sum(x, [1, 2]), n);
      const d = tf.div(tf.sub(tf.sqrt(n), 14), 10);
      const onBoard = this.options.signed ? tf.add(x, tf.mul(tf.sub(mask, 1), NEVER)) : x;
      const third =
        this.options.kind === 'policy' ? tf.max(onBoard, [1, 2]) : tf.mul(mean, tf.sub(tf.square(d), 0.1));
      return tf.concat([mean, tf.mul(mean, d), third], 1);
    });
  }
}
