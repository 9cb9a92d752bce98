/** Convolution by both of its definitions, and what it does when the board moves. */
import * as tf from '@tensorflow/tfjs-core';
import { model as makeModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { modelFromNet } from '#nets/convert.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import { inspectNet } from '#nets/inspect/inspect.ts';
import { Conv } from '#nets/layers/conv.ts';
import { trueConvolution } from '#nets/ops/true-convolution.ts';
import { randomNet, specOf } from '../architectures/small-nets.ts';
import { worstDifference } from './small-nets.ts';

beforeAll(() => useBackend('wasm'));

const [HEIGHT, WIDTH, FROM, TO, SIZE] = [6, 5, 3, 2, 3];
const REACH = (SIZE - 1) / 2;

/** `at` is the place in the kernel, from its middle, that a point's neighbour (dy, dx) is weighed with. */
function naive(x: tf.Tensor4D, kernel: tf.Tensor4D, at: (offset: number) => number): tf.Tensor4D {
  const [map, weights] = [x.arraySync(), kernel.arraySync()];
  const around = Array.from({ length: SIZE }, (_, i) => i - REACH);
  const sum = (i: number, j: number, f: number): number => {
    let total = 0;
    for (const dy of around)
      for (const dx of around)
        for (let c = 0; c < FROM; c++)
          total += (map[0][i + dy]?.[j + dx]?.[c] ?? 0) * weights[REACH + at(dy)][REACH + at(dx)][c][f];
    return total;
  };
  const rows = Array.from({ length: HEIGHT }, (_r, i) =>
    Array.from({ length: WIDTH }, (_c, j) => Array.from({ length: TO }, (_f, f) => sum(i, j, f))),
  );
  return tf.tensor4d([rows]);
}

test('a layer is the cross-correlation S(i, j) = sum X(i + m, j + n) K(m, n), and the other sum is the true convolution', () => {
  const x: tf.Tensor4D = tf.randomNormal([1, HEIGHT, WIDTH, FROM], 0, 1, 'float32', 1);
  const layer = new Conv({ name: 'row1', size: SIZE, filters: TO, seed: 1 });
  const y = layer.apply(x) as tf.Tensor;
  const kernel = layer.getWeights()[0] as tf.Tensor4D;
  const correlation = naive(x, kernel, (offset) => offset);
  const convolution = naive(x, kernel, (offset) => -offset);
  expect(worstDifference(y, correlation)).toBeLessThan(1e-5);
  expect(worstDifference(trueConvolution(x, kernel), convolution)).toBeLessThan(1e-5);
  expect(worstDifference(correlation, convolution)).toBeGreaterThan(0.1);
});

const SHIFTS = [
  [0, 1],
  [0, -1],
  [1, 0],
  [-1, 0],
  [2, 3],
  [-3, 1],
  [4, -4],
  [-2, -3],
] as const;

test.each(['2x8', 'resnet-8:4', 'densenet-10:4'])(
  'stones that move in the middle of the board move what the trunk %s makes of them, and at the edge they do not',
  (name) => {
    const [side, patch, middle] = [25, 3, 11];
    const net = randomNet(specOf(name));
    const [last] = inspectNet(net.spec, side)
      .layers.filter((layer) => layer.name.startsWith('trunk/'))
      .reverse();
    if (last.field.side === null || last.field.whole) throw new Error(`${name} sees more than windows`);
    // From these points inwards none sees the edge.
    const from = (last.field.side - 1) / 2;
    const made = modelFromNet(net);
    if (!made.ok) throw new Error(made.message);
    const { inputs } = made.model;
    const trunk = makeModel({ inputs, outputs: made.model.getLayer(last.name).output });
    const stones = tf.randomUniform([1, patch, patch, OWN_FEATURES.planes - 1], 0, 1, 'float32', 2);
    const seen = (top: number, left: number): tf.Tensor4D => {
      const gaps: [number, number][] = [
        [0, 0],
        [top, side - patch - top],
        [left, side - patch - left],
        [0, 0],
      ];
      const planes = tf.concat([tf.ones([1, side, side, 1]), tf.pad(stones, gaps)], 3);
      return trunk.predict([planes, tf.zeros([1, OWN_FEATURES.globals])]) as tf.Tensor4D;
    };
    const square = (map: tf.Tensor4D, top: number, left: number, size: number): tf.Tensor4D =>
      tf.slice(map, [0, top, left, 0], [1, size, size, -1]);
    const here = seen(middle, middle);
    for (const [down, right] of SHIFTS) {
      const there = seen(middle + down, middle + right);
      const size = side - 2 * from - Math.max(Math.abs(down), Math.abs(right));
      const [top, left] = [down, right].map((shift) => from + Math.max(0, -shift));
      const moved = square(there, top + down, left + right, size);
      const label = `${down} down, ${right} to the right`;
      expect(worstDifference(square(here, top, left, size), moved), label).toBeLessThanOrEqual(1e-6);
      expect(worstDifference(square(there, top, left, size), moved), label).toBeGreaterThan(1e-2);
    }
    const [atEdge, offEdge] = [square(seen(0, 0), 0, 0, patch), square(here, middle, middle, patch)];
    expect(worstDifference(atEdge, offEdge)).toBeGreaterThan(1e-2);
    made.model.dispose();
  },
);
