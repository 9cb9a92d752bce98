/** What convolutions make of boards whose stones move: it moves with them. */
import * as tf from '@tensorflow/tfjs-core';
import { model as makeModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { modelFromNet } from '#nets/convert.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import { inspectNet } from '#nets/inspect/inspect.ts';
import { randomNet, specOf } from '../architectures/small-nets.ts';
import { worstDifference } from './small-nets.ts';

beforeAll(() => useBackend('wasm'));

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
