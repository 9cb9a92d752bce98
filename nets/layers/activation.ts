/** Activations that KataGo's nets use. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { Activation } from '../katago/spec.ts';

/** mish = x tanh(softplus x) (Misra 2020), silu = x sigmoid(x) (Elfwing et al. 2018). */
export function activate(x: tf.Tensor, activation: Activation): tf.Tensor {
  switch (activation) {
    case 'identity':
      return x;
    case 'relu':
      return tf.relu(x);
    case 'silu':
      return tf.mul(x, tf.sigmoid(x));
    case 'mish':
      return tf.mul(x, tf.tanh(tf.softplus(x)));
  }
}

export class Activate extends layers.Layer {
  static className = 'TengenActivate';
  private readonly activation: Activation;

  constructor(options: { name: string; activation: Activation }) {
    super({ name: options.name });
    this.activation = options.activation;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return inputShape as Shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    return tf.tidy(() => tf.clone(activate(x, this.activation)));
  }
}
