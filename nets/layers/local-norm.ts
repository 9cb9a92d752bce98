/** Local response normalisation. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { LocalNormOptions } from '../architectures/layers.ts';

/** x [..., C] -> x / (bias + alpha sum of x^2 over 2 radius + 1 channels)^beta (Krizhevsky et al. 2012, section 3.3). */
export class LocalNorm extends layers.Layer {
  static className = 'TengenLocalNorm';
  private readonly options: LocalNormOptions;

  constructor({ name, ...options }: LocalNormOptions & { name: string }) {
    super({ name });
    this.options = options;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return inputShape as Shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const { radius, bias, alpha, beta } = this.options;
    const channels = x.shape.at(-1) as number;
    return tf.tidy(() => {
      // A product with a band of ones sums over neighbours: not every backend has an operation for it.
      const band = tf.tensor2d(
        Float32Array.from({ length: channels * channels }, (_, i) =>
          Math.abs(Math.floor(i / channels) - (i % channels)) <= radius ? 1 : 0,
        ),
        [channels, channels],
      );
      const squares = tf.reshape(tf.square(x), [-1, channels]) as tf.Tensor2D;
      const sums = tf.reshape(tf.matMul(squares, band), x.shape);
      return tf.mul(x, tf.pow(tf.add(tf.mul(sums, alpha), bias), -beta));
    });
  }
}
