/** Our gradients against central differences, layer by layer, and the whole model as it learns. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { useBackend, type BackendName } from '#nets/backend/backends.ts';
import { BN_EPSILON } from '#nets/architectures/layers.ts';
import { batchNorm } from '#nets/ops/batch-norm.ts';
import { batchLosses, randomBatch } from '#nets/batch.ts';
import { netLosses } from '#nets/loss.ts';
import { buildModel } from '#nets/model.ts';
import { resnetSpec } from '#nets/spec.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import { missing } from './backend/available.ts';

/** Largest difference, relative to the largest value. */
function relativeError(a: tf.Tensor, b: tf.Tensor): number {
  expect(a.shape).toEqual(b.shape);
  const [x, y] = [a.dataSync(), b.dataSync()];
  let [worst, scale] = [0, 1e-12];
  for (let i = 0; i < x.length; i++) {
    worst = Math.max(worst, Math.abs(x[i] - y[i]));
    scale = Math.max(scale, Math.abs(y[i]));
  }
  return worst / scale;
}

const random = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed);

const NAMES: readonly BackendName[] = ['cpu', 'wasm', 'torch'];
const reasons = await missing(NAMES);
const here = NAMES.filter((name) => reasons.get(name) === null);

describe.each(here)('on the %s backend', (backend) => {
  beforeEach(() => useBackend(backend));

  // 4 channels fill a vector, 20 a wide block and a narrow one, 3 neither; 200 points are summed in several parts.
  test.each([3, 4, 20])('batch norm of %i channels has the gradients of its own definition', (c) => {
    for (const masked of [true, false]) for (const relu of [true, false]) expectOwnGradients(c, masked, relu);
  });
});

function expectOwnGradients(c: number, masked: boolean, relu: boolean): void {
  const shape = [2, 20, 5, c];
  const onBoard = Array.from({ length: 200 }, (_, i) => (masked && i % 5 === 0 ? 0 : 1));
  const mask = tf.tensor4d(onBoard, [2, 20, 5, 1]);
  const [x, gamma, beta, dy] = [random(shape, 4), random([c], 5), random([c], 6), random(shape, 7)];
  const naive = (a: tf.Tensor, g: tf.Tensor, b: tf.Tensor): tf.Tensor => {
    const count = tf.sum(mask);
    const mean = tf.div(tf.sum(tf.mul(a, mask), [0, 1, 2]), count);
    const centred = tf.mul(tf.sub(a, mean), mask);
    const variance = tf.div(tf.sum(tf.square(centred), [0, 1, 2]), count);
    const hat = tf.div(centred, tf.sqrt(tf.add(variance, BN_EPSILON)));
    const normed = tf.add(tf.mul(hat, g), b);
    return tf.mul(relu ? tf.relu(normed) : normed, mask);
  };
  const moving = { mean: tf.zeros([c]), variance: tf.ones([c]) };
  const attributes = { epsilon: BN_EPSILON, share: 0.9, relu };
  const norm = (a: tf.Tensor, g: tf.Tensor, b: tf.Tensor): ReturnType<typeof batchNorm> =>
    batchNorm(a as tf.Tensor4D, g as tf.Tensor1D, b as tf.Tensor1D, masked ? mask : null, moving, attributes);
  const fast = (a: tf.Tensor, g: tf.Tensor, b: tf.Tensor): tf.Tensor => norm(a, g, b).y;
  expect(relativeError(fast(x, gamma, beta), naive(x, gamma, beta))).toBeLessThan(1e-5);
  const got = tf.grads(fast)([x, gamma, beta], dy);
  const expected = tf.grads(naive)([x, gamma, beta], dy);
  got.forEach((gradient, i) => expect(relativeError(gradient, expected[i])).toBeLessThan(1e-4));

  const { mean, variance } = norm(x, gamma, beta);
  const points = onBoard.reduce((sum: number, one) => sum + one, 0);
  const trueMean = tf.div(tf.sum(tf.mul(x, mask), [0, 1, 2]), points);
  const squares = tf.sum(tf.square(tf.mul(tf.sub(x, trueMean), mask)), [0, 1, 2]);
  expect(relativeError(mean, tf.mul(trueMean, 0.1))).toBeLessThan(1e-4);
  expect(relativeError(variance, tf.add(0.9, tf.mul(squares, 0.1 / (points - 1))))).toBeLessThan(1e-4);
}

/** Random 0/1 planes on a board of `size` in the corner of a buffer, plane 0 the board. */
function boards(count: number, size: number, buffer: number): tf.Tensor4D {
  const planes = new Float32Array(count * buffer * buffer * OWN_FEATURES.planes);
  let state = 1;
  for (let b = 0; b < count; b++)
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++)
        for (let c = 0; c < OWN_FEATURES.planes; c++) {
          state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
          const at = ((b * buffer + y) * buffer + x) * OWN_FEATURES.planes + c;
          planes[at] = c === 0 || state > 0xc0000000 ? 1 : 0;
        }
  return tf.tensor4d(planes, [count, buffer, buffer, OWN_FEATURES.planes]);
}

describe('the model', () => {
  beforeEach(() => useBackend('wasm'));

  test('gives a 9x9 board alone what it gives it padded in a 13x13 buffer, in training and in play', () => {
    const model = buildModel(resnetSpec(2, 8), 3);
    const globals = tf.zeros([4, OWN_FEATURES.globals]);
    for (const training of [true, false]) {
      const [alone, padded] = [9, 13].map(
        (buffer) => model.apply([boards(4, 9, buffer), globals], { training }) as tf.Tensor[],
      );
      const inner = (t: tf.Tensor): tf.Tensor =>
        tf.reshape(tf.slice(tf.reshape(t, [4, 13, 13]), [0, 0, 0], [4, 9, 9]), [4, 81]);
      const moves = tf.concat(
        [inner(tf.slice(padded[0], [0, 0], [4, 169])), tf.slice(padded[0], [0, 169], [4, 1])],
        1,
      );
      expect(relativeError(moves, alone[0])).toBeLessThan(1e-4);
      expect(relativeError(padded[1], alone[1])).toBeLessThan(1e-4);
      expect(relativeError(padded[2], alone[2])).toBeLessThan(1e-4);
      expect(relativeError(inner(padded[3]), alone[3])).toBeLessThan(1e-4);
      expect(tf.max(tf.softmax(padded[0])).dataSync()[0]).toBeLessThan(1);
      const offBoard = tf.slice(tf.softmax(padded[0]), [0, 9], [4, 4]);
      expect(Math.max(...offBoard.dataSync())).toBe(0);
    }
    model.dispose();
  });

  test('is not pulled harder by a miss of the score beyond 10 points', () => {
    const { targets } = randomBatch(1, 5, 1);
    const pull = (points: number): number => {
      const loss = (score: tf.Tensor): tf.Scalar =>
        netLosses(
          {
            policy: tf.zeros([1, 26]),
            value: tf.zeros([1, 1]),
            score,
            ownership: tf.zeros([1, 25]),
            reply: null,
            auxiliary: [],
          },
          { ...targets, score: tf.zeros([1, 1]), scoreKnown: tf.ones([1, 1]) },
        ).score;
      return tf
        .grad(loss)(tf.tensor2d([[points / 20]]))
        .dataSync()[0];
    };
    expect(pull(5)).toBeCloseTo(pull(10) / 2, 6);
    for (const points of [11, 40]) expect(pull(points)).toBeCloseTo(pull(10), 6);
  });

  test('learns 32 boards by heart, keeps its statistics moving, and leaks no tensor', () => {
    const model = buildModel(resnetSpec(2, 16), 1);
    const planes = boards(32, 5, 5);
    const globals: tf.Tensor2D = tf.zeros([32, OWN_FEATURES.globals]);
    const wins = Array.from({ length: 32 }, (_, i) => (i % 3 === 0 ? 1 : -1));
    const targets = {
      policy: tf.cast(
        tf.oneHot(
          tf.tensor1d(
            wins.map((_, i) => i % 26),
            'int32',
          ),
          26,
        ),
        'float32',
      ) as tf.Tensor2D,
      value: tf.tensor2d(wins, [32, 1]),
      valueKnown: tf.ones([32, 1]) as tf.Tensor2D,
      score: tf.tensor2d(wins, [32, 1]),
      scoreKnown: tf.ones([32, 1]) as tf.Tensor2D,
      ownershipKnown: tf.ones([32, 1]) as tf.Tensor2D,
      reply: tf.zeros([32, 26]) as tf.Tensor2D,
      ownership: tf.tensor2d(
        wins.flatMap((win) => Array.from({ length: 25 }, (_, p) => (p < 12 ? win : -win))),
        [32, 25],
      ),
      mask: tf.ones([32, 25]) as tf.Tensor2D,
    };
    const optimizer = tf.train.momentum(0.03, 0.9, true);
    const statistics = model.weights.find((w) => w.originalName === 'trunk/bn/moving_mean');
    const before = [...(statistics?.read().dataSync() ?? [])];
    const step = (): number =>
      tf.tidy(() => {
        const loss = optimizer.minimize(
          () => batchLosses(model, { planes, globals, targets, fullBoards: false }).total,
          true,
        );
        return loss?.dataSync()[0] ?? NaN;
      });
    let loss = step();
    const tensors = tf.memory().numTensors;
    for (let i = 0; i < 80; i++) loss = step();
    expect(loss).toBeLessThan(0.15);
    expect(tf.memory().numTensors).toBe(tensors);
    expect([...(statistics?.read().dataSync() ?? [])]).not.toEqual(before);
  });
});
