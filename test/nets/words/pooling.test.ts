/** Windows by hand, who gets the gradient of a tie, and a net of convolutions and pools that learns boards by heart. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend, type BackendName } from '#nets/backend/backends.ts';
import type { WindowOptions } from '#nets/architectures/layers.ts';
import { WindowPool } from '#nets/layers/window.ts';
import { crossEntropy } from '#nets/ops/losses.ts';
import { Optimizer } from '#nets/optimizers/optimizer.ts';
import { nesterov } from '#nets/optimizers/rules.ts';
import { missing } from '../backend/available.ts';
import { apply, boardsIn, modelOf } from './small-nets.ts';

const NAMES: readonly BackendName[] = ['cpu', 'wasm', 'torch'];
const reasons = await missing(NAMES);

let count = 0;
function pool(options: Required<WindowOptions>, x: tf.Tensor4D, ...masks: tf.Tensor4D[]): tf.Tensor4D {
  const layer = new WindowPool({ name: `pool${++count}`, ...options });
  return layer.apply([x, ...masks]) as tf.Tensor4D;
}

const map = (rows: number[][]): tf.Tensor4D => tf.tensor4d(rows.flat(), [1, rows.length, rows[0].length, 1]);
const rowsOf = (x: tf.Tensor4D): number[][] =>
  x.arraySync()[0].map((row) => row.map(([value]) => Math.round(value * 1e5) / 1e5 + 0));

/** A 3x3 board in a buffer of 4x4, negative everywhere, 0 off the board. */
const board = map([
  [-1, -2, -3, 0],
  [-4, -5, -6, 0],
  [-7, -8, -9, 0],
  [0, 0, 0, 0],
]);
const mask = tf.cast(tf.less(board, 0), 'float32') as tf.Tensor4D;

describe.each(NAMES)('on the %s backend', (backend) => {
  const reason = reasons.get(backend) ?? null;
  beforeAll(async () => {
    if (reason === null) await useBackend(backend);
  });

  test.skipIf(reason !== null)(
    'the largest of a window is one on the board, a mean is over those on the board',
    () => {
      const halves = { size: 2, stride: 2, padding: 'same' } as const;
      const after = map([
        [1, 1],
        [1, 1],
      ]);
      expect(rowsOf(pool({ kind: 'max', ...halves }, board, mask, after))).toEqual([
        [-1, -3],
        [-7, -9],
      ]);
      expect(rowsOf(pool({ kind: 'mean', ...halves }, board, mask, after))).toEqual([
        [-3, -4.5],
        [-7.5, -9],
      ]);
      const around = { size: 3, stride: 1, padding: 'same' } as const;
      expect(rowsOf(pool({ kind: 'max', ...around }, board, mask, mask))).toEqual([
        [-1, -1, -2, 0],
        [-1, -1, -2, 0],
        [-4, -4, -5, 0],
        [0, 0, 0, 0],
      ]);
      expect(rowsOf(pool({ kind: 'mean', ...around }, board, mask, mask))[0]).toEqual([-3, -3.5, -4, 0]);
    },
  );

  test.skipIf(reason !== null)(
    'of several largest points of a window the first, row by row, gets the gradient',
    () => {
      const ones = (side: number): tf.Tensor4D => tf.ones([1, side, side, 1]);
      const options = { kind: 'max', size: 2, stride: 2, padding: 'same' } as const;
      const pooled = (x: tf.Tensor): tf.Tensor => tf.sum(pool(options, x as tf.Tensor4D, ones(4), ones(2)));
      const gradient = tf.grad(pooled)(ones(4));
      expect(rowsOf(gradient as tf.Tensor4D)).toEqual([
        [1, 0, 1, 0],
        [0, 0, 0, 0],
        [1, 0, 1, 0],
        [0, 0, 0, 0],
      ]);
    },
  );
});

test.each(['max', 'mean'] as const)('convolutions and %s pools learn 32 boards by heart', async (kind) => {
  await useBackend('wasm');
  const classes = 8;
  const model = modelOf((l) => {
    const first = l.activate('a', l.conv('conv1', l.planes, 8, 3, { bias: true }), 'relu');
    const halved = l.window('pool1', first, { kind, size: 2, stride: 2 });
    const second = l.activate('b', l.conv('conv2', halved, 16, 3, { bias: true }), 'relu');
    const pooled = l.pool('pool2', second, { kind: 'policy', signed: false });
    return l.dense('out', l.dense('hidden', pooled, 32, { activation: 'relu' }), classes);
  }, 'boards');
  const boards = Array.from({ length: 16 }, (_, i) => boardsIn(6, 6, i));
  const given = {
    planes: tf.concat(boards.map(({ planes }) => planes)),
    globals: tf.concat(boards.map(({ globals }) => globals)),
  };
  const target = tf.cast(
    tf.oneHot(
      tf.tensor1d(
        Array.from({ length: 32 }, (_, i) => i % classes),
        'int32',
      ),
      classes,
    ),
    'float32',
  ) as tf.Tensor2D;
  const optimizer = new Optimizer(model, nesterov(0.9));
  let loss = Infinity;
  for (let i = 0; i < 300; i++) {
    const made = optimizer.minimize(
      () => crossEntropy(apply(model, given, 'boards', { training: true }) as tf.Tensor2D, target),
      0.05,
    );
    [loss] = made.loss.dataSync();
    tf.dispose([made.loss, made.gradientNorm]);
  }
  expect(loss).toBeLessThan(0.01);
  optimizer.dispose();
  model.dispose();
});
