/** Pieces that several families are made of: how a trunk begins, and convolutions with what follows them. */
import { z } from 'zod';
import type { ConvOptions, Initialiser, Layers } from './layers.ts';

/**
 * What a trunk looks at. Trunks for images halve the map where their papers do. Those for boards keep every point, since
 * each may be a move: strides are 1, so that windows which do not overlap hold a single point and are left out.
 */
export const Scale = z.enum(['board', 'image']);
export type Scale = z.infer<typeof Scale>;

export const Channels = z.int().min(1).max(4096);
/** Share of what is dropped in training. */
export const Rate = z.number().min(0).max(0.95);

/** What suits an activation. */
export const initFor = (activation: 'relu' | 'tanh'): Initialiser => (activation === 'relu' ? 'he' : 'lecun');

/** The trunk's first convolution. What is known of a game but is no map is added to all of its points. */
export function entry<X>(l: Layers<X>, filters: number, size: number, options: ConvOptions = {}): X {
  if (l.globals === null) return l.conv('trunk/input', l.planes, filters, size, options);
  // The dense layer's bias is that of the sum.
  const map = l.conv('trunk/input', l.planes, filters, size, { ...options, bias: false });
  return l.addVector('trunk/sum', map, l.dense('trunk/globals', l.globals, filters));
}

/** Widths double where papers halve the map of an image; a board's stay, and so do their widths. */
export const widths = (scale: Scale, width: number, factors: readonly number[]): number[] =>
  factors.map((factor) => (scale === 'image' ? factor * width : width));

/** A whole number of channels, at least 1. */
export const times = (width: number, factor: number): number => Math.max(1, Math.round(width * factor));

export type NormOptions = {
  /** Whether there is a batch norm before the relu; without one convolutions have biases. */
  readonly norm: boolean;
};

/** relu(bn x), or relu x. */
export function normRelu<X>(l: Layers<X>, name: string, x: X, { norm }: NormOptions): X {
  return norm ? l.batchNorm(name, x) : l.activate(name, x, 'relu');
}

/** relu(bn(conv x)), or relu(conv x + bias). */
export function convRelu<X>(
  l: Layers<X>,
  name: string,
  x: X,
  filters: number,
  size: number,
  { norm, ...options }: NormOptions & ConvOptions,
): X {
  const map = l.conv(`${name}/conv`, x, filters, size, { bias: !norm, ...options });
  return normRelu(l, `${name}/bn`, map, { norm });
}

/** relu(bn(entry)), or relu(entry + bias). */
export function entryRelu<X>(l: Layers<X>, filters: number, size: number, { norm }: NormOptions): X {
  return normRelu(l, 'trunk/bn', entry(l, filters, size, { bias: !norm }), { norm });
}

/** Halves the map of an image, taking the largest of each 2 x 2 values; a board's is left alone. */
export function halve<X>(l: Layers<X>, name: string, x: X, scale: Scale): X {
  return scale === 'image' ? l.window(name, x, { kind: 'max', size: 2, stride: 2 }) : x;
}

export type FullyConnected = {
  readonly hidden: readonly number[];
  readonly scale: Scale;
  readonly activation: 'relu' | 'tanh';
  readonly dropout: number;
};

/**
 * Fully connected layers, each with dropout behind it: of the whole map of an image, which become a vector; of every
 * point of a board, as 1x1 convolutions, which keep the map (Long et al. 2015, section 3.1).
 */
export function fullyConnected<X>(l: Layers<X>, x: X, options: FullyConnected): X {
  const { hidden, scale, activation, dropout } = options;
  const init = initFor(activation);
  const start = scale === 'image' ? l.flatten('trunk/flat', x) : x;
  return hidden.reduce((value, units, i) => {
    const name = `trunk/full${i}`;
    const outputs =
      scale === 'image'
        ? l.dense(name, value, units, { activation, init })
        : l.activate(
            `${name}/${activation}`,
            l.conv(`${name}/conv`, value, units, 1, { bias: true, init }),
            activation,
          );
    return dropout === 0 ? outputs : l.dropout(`${name}/dropout`, outputs, dropout);
  }, start);
}
