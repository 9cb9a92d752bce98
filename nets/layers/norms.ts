/** The norms of KataGo's nets, with the activation after them: a fixed scale and shift a channel, and root mean squares. */
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { RmsOptions } from '../architectures/layers.ts';
import type { Activation } from '../katago/spec.ts';
import { activate } from './activation.ts';

type LayerVariable = ReturnType<layers.Layer['addWeight']>;

/** [x [N, H, W, C], mask [N, H, W, 1]] -> activation(scale x + shift), 0 off the board. */
export class AffineActivate extends layers.Layer {
  static className = 'TengenAffineActivate';
  private readonly activation: Activation;
  private parts: { scale: LayerVariable; shift: LayerVariable } | null = null;

  constructor(options: { name: string; activation: Activation }) {
    super({ name: options.name });
    this.activation = options.activation;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = [(inputShape as Shape[])[0][3] as number];
    this.parts = {
      scale: this.addWeight('scale', shape, 'float32', initializers.ones()),
      shift: this.addWeight('shift', shape, 'float32', initializers.zeros()),
    };
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return (inputShape as Shape[])[0];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x, mask] = inputs as tf.Tensor[];
    const { parts } = this;
    if (parts === null) throw new Error('internal: norm used before it was built');
    return tf.tidy(() => {
      const normed = tf.add(tf.mul(x, parts.scale.read()), parts.shift.read());
      return tf.mul(activate(normed, this.activation), mask);
    });
  }
}

/** x / sqrt(mean over channels of x^2 + epsilon) (Zhang and Sennrich 2019, eq. 4). */
export function overRms(x: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon)));
}

/** [x [N, H, W, C], mask [N, H, W, 1]] -> activation(gamma x / rms + beta), 0 off the board. */
export class RmsActivate extends layers.Layer {
  static className = 'TengenRmsActivate';
  private readonly options: RmsOptions;
  private parts: { gamma: LayerVariable; beta: LayerVariable } | null = null;

  constructor({ name, ...options }: RmsOptions & { name: string }) {
    super({ name });
    this.options = options;
  }

  override build(inputShape: Shape | Shape[]): void {
    const shape = [(inputShape as Shape[])[0][3] as number];
    this.parts = {
      gamma: this.addWeight('gamma', shape, 'float32', initializers.ones()),
      beta: this.addWeight('beta', shape, 'float32', initializers.zeros()),
    };
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return (inputShape as Shape[])[0];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x, mask] = inputs as tf.Tensor4D[];
    const { parts } = this;
    if (parts === null) throw new Error('internal: norm used before it was built');
    const { epsilon, spatial, activation } = this.options;
    return tf.tidy(() => {
      const normed = spatial ? overBoardRms(x, mask, epsilon) : overRms(x, epsilon);
      const scaled = tf.add(tf.mul(normed, parts.gamma.read()), parts.beta.read());
      return tf.mul(activate(scaled, activation), mask);
    });
  }
}

/** x / sqrt(mean over all numbers of a board of x^2 + epsilon); the mask is null where it is 1 everywhere. */
export function overBoardRms(x: tf.Tensor4D, mask: tf.Tensor4D | null, epsilon: number): tf.Tensor {
  const square = tf.square(x);
  const axes = [1, 2, 3];
  const mean =
    mask === null
      ? tf.mean(square, axes, true)
      : tf.div(tf.sum(tf.mul(square, mask), axes, true), tf.mul(tf.sum(mask, axes, true), x.shape[3]));
  return tf.mul(x, tf.rsqrt(tf.add(mean, epsilon)));
}
