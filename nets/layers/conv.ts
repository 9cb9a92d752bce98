/** A 'same' convolution without bias, as a layer. */
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';

type LayerVariable = ReturnType<layers.Layer['addWeight']>;

export class Conv extends layers.Layer {
  static className = 'TengenConv';
  private readonly options: { name: string; size: number; filters: number; seed: number; gain: number };
  private kernel: LayerVariable | null = null;

  /** @param options size is odd; gain scales the He-normal deviation (He et al. 2015, eq. 10). */
  constructor(options: { name: string; size: number; filters: number; seed: number; gain?: number }) {
    super({ name: options.name });
    this.options = { gain: 1, ...options };
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = (inputShape as Shape)[3] as number;
    const { size, filters, seed, gain } = this.options;
    const stddev = gain * Math.sqrt(2 / (size * size * channels));
    const initializer = initializers.truncatedNormal({ mean: 0, stddev, seed });
    this.kernel = this.addWeight('kernel', [size, size, channels, filters], 'float32', initializer);
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...(inputShape as Shape).slice(0, 3), this.options.filters];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    if (this.kernel === null) throw new Error('internal: convolution used before it was built');
    return tf.conv2d(x as tf.Tensor4D, this.kernel.read() as tf.Tensor4D, 1, 'same');
  }
}
