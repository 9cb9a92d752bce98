/** What the torch backend promises beyond computing: memory, errors, kernels for all that nets are made of. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { findLibtorch } from '#nets/backend/torch/libtorch.ts';
import type { TorchBackend } from '#nets/backend/torch/backend.ts';
import { HOST_KERNELS } from '#nets/backend/torch/kernels/host.ts';
import { batchLosses, randomBatch } from '#nets/batch.ts';
import { buildModel } from '#nets/model.ts';
import { Optimizer } from '#nets/optimizers/optimizer.ts';
import { adamW } from '#nets/optimizers/rules.ts';
import { resnetSpec } from '#nets/spec.ts';
import { missing } from './available.ts';

const reason = (await missing(['torch'])).get('torch') ?? null;

/** The issue's own number takes minutes: `npm run test:slow`. */
const STEPS = process.env.TENGEN_SLOW === '1' ? 10_000 : 100;

describe.skipIf(reason !== null)(`the torch backend${reason === null ? '' : ` (${reason})`}`, () => {
  beforeAll(() => useBackend('torch'));
  const live = (): number => (tf.backend() as TorchBackend).addon.liveTensors();

  test(`frees in libtorch what tfjs disposes, over ${STEPS} training steps`, { timeout: 3_600_000 }, () => {
    const model = buildModel(resnetSpec(1, 8), 1);
    const batch = { ...randomBatch(4, 5, 1), fullBoards: false };
    const optimizer = new Optimizer(model, adamW(0.9, 0.999, 1e-8), { clipNorm: 1 });
    const step = (): void => tf.dispose(optimizer.minimize(() => batchLosses(model, batch).total, 1e-3));
    step();
    const [before, tensors] = [live(), tf.memory().numTensors];
    for (let i = 0; i < STEPS; i++) step();
    expect(live()).toBe(before);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(tf.backend().numDataIds()).toBe(live());
  });

  test('an error of ATen names the operator and the shapes, and leaves nothing behind', () => {
    const x = tf.zeros([1, 4, 4, 3]);
    const before = live();
    expect(() =>
      tf
        .engine()
        .runKernel(
          'BatchMatMul',
          { a: tf.zeros([2, 3]), b: tf.zeros([4, 5]) },
          { transposeA: false, transposeB: false },
        ),
    ).toThrow(/aten::matmul.*\[2, 3\].*\[4, 5\]/);
    expect(live()).toBe(before + 2);
    x.dispose();
  });

  test('no kernel of a layer, loss, optimizer or gradient of our nets runs on the host', async () => {
    const model = buildModel(resnetSpec(1, 4), 1);
    const batch = { ...randomBatch(2, 5, 1), fullBoards: false };
    const optimizer = tf.train.adam(0.01);
    const profile = await tf.profile(
      () => void optimizer.minimize(() => batchLosses(model, batch).total) as unknown as tf.TensorContainer,
    );
    const used = new Set(profile.kernels.map(({ name }) => name));
    expect(used.has('Conv2DBackpropFilter')).toBe(true);
    expect(HOST_KERNELS.filter((name) => used.has(name))).toEqual([]);
  });

  test('tensors of strings, whole numbers and truth values come back as they went', () => {
    expect(tf.tensor(['a', 'bc']).dataSync()).toEqual(['a', 'bc']);
    expect([...tf.tensor([1, -2], [2], 'int32').dataSync()]).toEqual([1, -2]);
    expect([...tf.logicalNot(tf.tensor([true, false])).dataSync()]).toEqual([0, 1]);
    expect([...tf.transpose(tf.tensor([[1, 2, 3]])).dataSync()]).toEqual([1, 2, 3]);
  });
});

test('a folder named by LIBTORCH that holds none is refused by name', () => {
  const before = process.env.LIBTORCH;
  process.env.LIBTORCH = '/nowhere';
  try {
    const found = findLibtorch();
    expect(found.ok ? '' : found.message).toMatch(/LIBTORCH=\/nowhere holds no libtorch/);
  } finally {
    if (before === undefined) delete process.env.LIBTORCH;
    else process.env.LIBTORCH = before;
  }
});
