/** Convolution by both of its definitions, and what it does when the board moves. */
import * as tf from '@tensorflow/tfjs-core';
import { model as makeModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import { Conv } from '#nets/layers/conv.ts';
import { buildModel } from '#nets/model.ts';
import { trueConvolution } from '#nets/ops/true-convolution.ts';
import { resnetSpec } from '#nets/spec.ts';
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

test('stones that move in the middle of the board move what a trunk makes of them, and at the edge they do not', () => {
  const [blocks, side] = [2, 19];
  // The first convolution and two a block, each a point further.
  const reach = 1 + 2 * blocks;
  const model = buildModel(resnetSpec(blocks, 8), 1);
  const trunk = makeModel({ inputs: model.inputs, outputs: model.getLayer('trunk/bn').output });
  const stones = tf.randomUniform([1, 3, 3, OWN_FEATURES.planes - 1], 0, 1, 'float32', 2);
  const seen = (top: number, left: number): tf.Tensor4D => {
    const gaps: [number, number][] = [
      [0, 0],
      [top, side - 3 - top],
      [left, side - 3 - left],
      [0, 0],
    ];
    const planes = tf.concat([tf.ones([1, side, side, 1]), tf.pad(stones, gaps)], 3);
    return trunk.predict([planes, tf.zeros([1, OWN_FEATURES.globals])]) as tf.Tensor4D;
  };
  /** All that the stones can change, `reach` points around them. */
  const around = (map: tf.Tensor4D, top: number, left: number): tf.Tensor4D =>
    tf.slice(map, [0, top - reach, left - reach, 0], [1, 3 + 2 * reach, 3 + 2 * reach, -1]);
  // Neither sees the edge from any of these points: 2 * reach from it.
  const [here, there] = [around(seen(8, 8), 8, 8), around(seen(8, 7), 8, 7)];
  const inner = (map: tf.Tensor4D): tf.Tensor4D => tf.slice(map, [0, 3, 3, 0], [1, 7, 7, -1]);
  expect(worstDifference(inner(here), inner(there))).toBeLessThan(1e-6);
  const [atEdge, offEdge] = [seen(0, 0), seen(8, 8)].map((map, i) =>
    tf.slice(map, i === 0 ? [0, 0, 0, 0] : [0, 8, 8, 0], [1, 3, 3, -1]),
  );
  expect(worstDifference(atEdge, offEdge)).toBeGreaterThan(1e-2);
});
