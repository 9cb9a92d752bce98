/** Dropout. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import { chanceOf } from './chance.ts';
import type { Applied } from './chance.ts';

/**
 * Inverted dropout (Srivastava et al. 2014, section 10): x z / (1 - rate) with z = 0 at the probability `rate` and else 1;
 * x itself where nothing is dropped.
 */
export class Dropout extends layers.Layer {
  static className = 'TengenDropout';
  private readonly rate: number;

  constructor(options: { name: string; rate: number }) {
    super({ name: options.name });
    this.rate = options.rate;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return inputShape as Shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Applied = {}): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    const { rate } = this;
    if ((kwargs.dropout ?? kwargs.training) !== true) return tf.clone(x);
    const rng = chanceOf(kwargs, this.name);
    const kept = Float32Array.from({ length: x.size }, () => (rng.nextFloat() < rate ? 0 : 1 / (1 - rate)));
    return tf.tidy(() => tf.mul(x, tf.tensor(kept, x.shape)));
  }
}
