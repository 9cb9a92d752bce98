/** Activations. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { LayerActivation } from '../architectures/layers.ts';

/** LeCun's tanh goes through (1, 1) and (-1, -1) (LeCun et al. 1998, appendix A). */
export const LECUN_SCALE = 1.7159;
export const LECUN_SLOPE = 2 / 3;

/** mish = x tanh(softplus x) (Misra 2020), silu = x sigmoid(x) (Elfwing et al. 2018). */
export function activate(x: tf.Tensor, activation: LayerActivation): tf.Tensor {
  switch (activation) {
    case 'identity':
      return x;
    case 'relu':
      return tf.relu(x);
    case 'silu':
      return tf.mul(x, tf.sigmoid(x));
    case 'mish':
      return tf.mul(x, tf.tanh(tf.softplus(x)));
    case 'tanh':
      return tf.tanh(x);
    case 'lecun-tanh':
      return tf.mul(tf.tanh(tf.mul(x, LECUN_SLOPE)), LECUN_SCALE);
  }
}

export class Activate extends layers.Layer {
  static className = 'TengenActivate';
  private readonly activation: LayerActivation;

  constructor(options: { name: string; activation: LayerActivation }) {
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
