/** Twice as many points a side, for the way up of a U. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';

/** [x [N, h, w, C], like [N, H, W, D]] -> [N, H, W, C] whose point (y, x) is that at (y / 2, x / 2), rounded down; H <= 2 h and W <= 2 w. */
export class Upsample extends layers.Layer {
  static className = 'TengenUpsample';

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [[batch, , , channels], [, height, width]] = inputShape as Shape[];
    return [batch, height, width, channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x, like] = inputs as tf.Tensor4D[];
    const [count, height, width, channels] = x.shape;
    return tf.tidy(() => {
      // Copies side by side, which have gradients on every backend, where resizing has not.
      const wide = tf.reshape(tf.concat([x, x], 3), [count, height, 2 * width * channels]);
      const tall = tf.reshape(tf.concat([wide, wide], 2), [count, 2 * height, 2 * width, channels]);
      return tf.slice(tall, [0, 0, 0, 0], [count, like.shape[1], like.shape[2], channels]);
    });
  }
}
