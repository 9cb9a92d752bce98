/** Convolutions as a layer. */
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { ConnectionTable, ConvOptions } from '../architectures/layers.ts';
import type { Windows } from '../architectures/windows.ts';
import { groupedConv } from '../ops/grouped-conv.ts';
import { initialiser } from './initialiser.ts';
import { paddingOf, shapeAfter } from './window.ts';

type LayerVariable = ReturnType<layers.Layer['addWeight']>;

type Options = ConvOptions & {
  readonly name: string;
  readonly filters: number;
  readonly size: number;
  readonly seed: number;
};

/** [size, size, CI, CO] with 1 where the filter sees the channel. */
export function seenByTable(
  table: ConnectionTable,
  [height, width, channels, filters]: readonly number[],
): Float32Array {
  const seen = new Float32Array(height * width * channels * filters);
  for (let tap = 0; tap < height * width; tap++)
    table.forEach((sources, filter) => {
      for (const channel of sources) seen[(tap * channels + channel) * filters + filter] = 1;
    });
  return seen;
}

/** x [N, H, W, CI], 0 off the board, to [N, H', W', CO]; see `Layers.conv`. */
export class Conv extends layers.Layer {
  static className = 'TengenConv';
  private readonly options: Options;
  private readonly windows: Windows;
  private kernel: LayerVariable | null = null;
  private bias: LayerVariable | null = null;

  constructor(options: Options) {
    super({ name: options.name });
    const { size, stride = 1, padding = 'same' } = options;
    this.options = options;
    this.windows = { size, stride, padding };
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = (inputShape as Shape)[3] as number;
    const { size, filters, seed, gain = 1, init = 'he', groups = 1, bias = false, table } = this.options;
    const shape = [size, size, channels / groups, filters];
    const links = table?.reduce((sum, sources) => sum + sources.length, 0) ?? shape[2] * filters;
    const fans = { fanIn: (size * size * links) / filters, fanOut: (size * size * links) / channels };
    this.kernel = this.addWeight('kernel', shape, 'float32', initialiser(init, gain, fans, seed));
    if (bias) this.bias = this.addWeight('bias', [filters], 'float32', initializers.zeros());
    const kernel = this.kernel;
    if (table !== undefined) tf.tidy(() => void kernel.write(tf.mul(kernel.read(), this.seen(shape))));
    this.built = true;
  }

  private seen(shape: number[]): tf.Tensor {
    const { table = [] } = this.options;
    return tf.tensor(seenByTable(table, shape), shape);
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...shapeAfter(inputShape as Shape, this.windows), this.options.filters];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    const { kernel, bias } = this;
    if (kernel === null) throw new Error('internal: convolution used before it was built');
    return tf.tidy(() => {
      const weights = kernel.read() as tf.Tensor4D;
      const held = this.options.table === undefined ? weights : tf.mul(weights, this.seen(weights.shape));
      const sum = this.sum(x, held as tf.Tensor4D);
      return bias === null ? sum : tf.add(sum, bias.read());
    });
  }

  private sum(x: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
    const [stride, pad] = [this.windows.stride, paddingOf(this.windows)];
    const { groups = 1 } = this.options;
    return groups === 1 ? tf.conv2d(x, kernel, stride, pad) : groupedConv(x, kernel, stride, pad);
  }
}
