/** Convolution by its definitions: layers against naive sums, on every backend, and the true convolution beside them. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ConvOptions } from '#nets/architectures/layers.ts';
import { useBackend, type BackendName } from '#nets/backend/backends.ts';
import { Conv } from '#nets/layers/conv.ts';
import { trueConvolution } from '#nets/ops/true-convolution.ts';
import { missing } from '../backend/available.ts';
import { worstDifference } from './small-nets.ts';

const [CHANNELS, FILTERS] = [4, 6];

type Sum = {
  readonly x: number[][][];
  /** Of one filter, [size, size, channels that it sees]. */
  readonly kernel: number[][][];
  /** Of x, the first channel that the filter sees. */
  readonly from: number;
};

/** S(i, j) = sum over m, n, c of X(i + m, j + n, c) K(m, n, c), with K(0, 0) at [before, before] of the kernel and X 0 beyond its edges. */
function correlation({ x, kernel, from }: Sum, i: number, j: number, before: number): number {
  let total = 0;
  kernel.forEach((row, m) =>
    row.forEach((weights, n) =>
      weights.forEach((weight, c) => {
        total += (x[i + m - before]?.[j + n - before]?.[from + c] ?? 0) * weight;
      }),
    ),
  );
  return total;
}

/** F(i, j) = sum over all m, n, c of X(m, n, c) K(i - m, j - n, c), with K(0, 0) in the middle of the kernel and 0 beyond it. */
function convolution({ x, kernel }: Sum, i: number, j: number): number {
  const middle = (kernel.length - 1) / 2;
  let total = 0;
  x.forEach((row, m) =>
    row.forEach((values, n) =>
      values.forEach((value, c) => {
        total += value * (kernel[middle + i - m]?.[middle + j - n]?.[c] ?? 0);
      }),
    ),
  );
  return total;
}

/** The kernel [size, size, channels, filters] of one filter. */
const filterOf = (kernel: tf.Tensor4D, filter: number): number[][][] =>
  kernel.arraySync().map((row) => row.map((weights) => weights.map((filters) => filters[filter])));

type Case = ConvOptions & { readonly board: readonly [height: number, width: number]; readonly size: number };

const CASES: readonly Case[] = [
  { board: [6, 5], size: 3 },
  { board: [4, 9], size: 1 },
  { board: [5, 8], size: 5, bias: true },
  { board: [6, 5], size: 2 },
  { board: [5, 7], size: 4 },
  { board: [2, 3], size: 5 },
  { board: [7, 6], size: 3, stride: 2 },
  { board: [6, 9], size: 2, stride: 2 },
  { board: [8, 5], size: 4, stride: 2 },
  { board: [8, 7], size: 4, stride: 3 },
  { board: [5, 6], size: 1, stride: 2 },
  { board: [6, 7], size: 3, padding: 'valid' },
  { board: [7, 8], size: 2, stride: 2, padding: 'valid' },
  { board: [6, 5], size: 3, groups: 2, bias: true },
  { board: [5, 6], size: 4, groups: 2, stride: 2 },
  { board: [5, 6], size: 2, groups: 2, padding: 'valid' },
];

const NAMES: readonly BackendName[] = ['cpu', 'wasm', 'torch'];
const reasons = await missing(NAMES);

describe.each(NAMES)('on the %s backend', (backend) => {
  const reason = reasons.get(backend) ?? null;
  beforeAll(async () => {
    if (reason === null) await useBackend(backend);
  });

  test.skipIf(reason !== null).each(CASES)('a layer is the cross-correlation: %j', (given) => {
    const { board, size, ...options } = given;
    const { stride = 1, groups = 1, padding = 'same' } = options;
    const x: tf.Tensor4D = tf.randomNormal([2, ...board, CHANNELS], 0, 1, 'float32', 1);
    const layer = new Conv({ name: 'row1', size, filters: FILTERS, seed: 1, ...options });
    layer.apply(x);
    const biases = Array.from({ length: FILTERS }, (_, f) => (options.bias === true ? f - 2.5 : 0));
    const [kernel] = layer.getWeights() as tf.Tensor4D[];
    layer.setWeights(options.bias === true ? [kernel, tf.tensor1d(biases)] : [kernel]);
    const made = layer.apply(x) as tf.Tensor4D;
    // The window of a point has it in its middle, or before the middle of an even size.
    const before = padding === 'valid' ? 0 : Math.floor((size - 1) / 2);
    const windows = board.map((side) => Math.floor((side - (padding === 'valid' ? size : 1)) / stride) + 1);
    expect(made.shape).toEqual([2, ...windows, FILTERS]);
    const [maps, perGroup] = [x.arraySync(), FILTERS / groups];
    const expected = made.arraySync().map((rows, b) =>
      rows.map((row, i) =>
        row.map((values, j) =>
          values.map((_, f) => {
            const from = Math.floor(f / perGroup) * (CHANNELS / groups);
            const sum = { x: maps[b], kernel: filterOf(kernel, f), from };
            return correlation(sum, i * stride, j * stride, before) + biases[f];
          }),
        ),
      ),
    );
    expect(worstDifference(made, tf.tensor4d(expected))).toBeLessThan(1e-5);
  });

  test.skipIf(reason !== null).each([
    [6, 5, 3],
    [3, 7, 5],
  ])(
    'on %i x %i the true convolution with a kernel of %i is the other sum, and not the layer',
    (...given) => {
      const [height, width, size] = given;
      const x: tf.Tensor4D = tf.randomNormal([1, height, width, CHANNELS], 0, 1, 'float32', 1);
      const kernel: tf.Tensor4D = tf.randomNormal([size, size, CHANNELS, FILTERS], 0, 0.2, 'float32', 2);
      const [map] = x.arraySync();
      const filters = Array.from({ length: FILTERS }, (_, f) => filterOf(kernel, f));
      const by = (sum: (of: Sum, i: number, j: number) => number): tf.Tensor =>
        tf.tensor4d([
          map.map((row, i) =>
            row.map((_, j) => filters.map((filter) => sum({ x: map, kernel: filter, from: 0 }, i, j))),
          ),
        ]);
      expect(worstDifference(trueConvolution(x, kernel), by(convolution))).toBeLessThan(1e-5);
      const unturned = by((of, i, j) => correlation(of, i, j, (size - 1) / 2));
      expect(worstDifference(unturned, by(convolution))).toBeGreaterThan(0.1);
    },
  );
});
