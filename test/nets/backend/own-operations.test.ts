/** Our own operations give on every backend what their compositions give on the cpu, forward and backward. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { useBackend, type BackendName } from '#nets/backend/backends.ts';
import { adamWStep } from '#nets/ops/adamw-step.ts';
import { alexNetStep } from '#nets/ops/alexnet-step.ts';
import { averageStep } from '#nets/ops/average-step.ts';
import { clipByNorm } from '#nets/ops/clip.ts';
import { globalPool } from '#nets/ops/global-pool.ts';
import { groupedConv } from '#nets/ops/grouped-conv.ts';
import { crossEntropy, huberError, squaredError } from '#nets/ops/losses.ts';
import { momentumStep } from '#nets/ops/momentum-step.ts';
import { missing } from './available.ts';

const NAMES: readonly BackendName[] = ['wasm', 'torch'];
const reasons = await missing(NAMES);

const random = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed);

/** Boards of 4x3 and 2x5 points in the corner of a buffer of 4x5. */
const boards = (): tf.Tensor4D => {
  const sizes = [
    [4, 3],
    [2, 5],
  ];
  const values = sizes.flatMap(([height, width]) =>
    Array.from({ length: 20 }, (_, i) => (Math.floor(i / 5) < height && i % 5 < width ? 1 : 0)),
  );
  return tf.tensor4d(values, [2, 4, 5, 1]);
};

/** Tensors like the weights of a small net. */
const weightsLike = (seed: number): tf.Tensor[] =>
  [[3, 3, 2, 5], [7], [1]].map((shape, i) => random(shape, seed + i));

/** f and its gradient along a random direction. */
function valueAndGradient(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor[] {
  const y = f(x);
  return [y, tf.grad(f)(x, random(y.shape, 9))];
}

// 4 channels fill a vector, 20 a wide block and a narrow one, 3 neither.
const CASES: Readonly<Record<string, () => tf.Tensor[]>> = {
  ...Object.fromEntries(
    [3, 4, 20].flatMap((channels) =>
      (['policy', 'value'] as const).flatMap((kind) =>
        [true, false].map((masked) => [
          `global pooling for the ${kind} of ${channels} channels${masked ? ', masked' : ''}`,
          (): tf.Tensor[] => {
            const mask = masked ? boards() : null;
            const values = random([2, 4, 5, channels], 1);
            const x = mask === null ? values : tf.mul(tf.square(values), mask);
            return valueAndGradient((map) => globalPool(map as tf.Tensor4D, mask, kind), x);
          },
        ]),
      ),
    ),
  ),
  'global pooling where several points are the largest': () => {
    const x = tf.floor(tf.mul(random([2, 4, 5, 20], 1), 2));
    return valueAndGradient((map) => globalPool(map as tf.Tensor4D, null, 'policy'), x);
  },
  'a convolution in groups, by its input': () => {
    const filter = random([3, 3, 2, 6], 1) as tf.Tensor4D;
    return valueAndGradient((x) => groupedConv(x as tf.Tensor4D, filter, 1, 'same'), random([2, 4, 5, 4], 2));
  },
  'a convolution in groups, by its filter': () => {
    const x = random([2, 4, 5, 4], 1) as tf.Tensor4D;
    return valueAndGradient(
      (filter) => groupedConv(x, filter as tf.Tensor4D, 2, 'valid'),
      random([3, 3, 1, 8], 2),
    );
  },
  'a sum over maps': () => [tf.sum(random([3, 4, 5, 20], 1), [1, 2])],
  'cross-entropy': () => {
    const target = tf.softmax(random([6, 10], 1)) as tf.Tensor2D;
    return valueAndGradient((x) => crossEntropy(x as tf.Tensor2D, target), random([6, 10], 2));
  },
  'squared errors with weights of single values': () => {
    const [target, weight] = [random([6, 10], 1), tf.step(random([6, 10], 2))];
    return valueAndGradient((x) => squaredError(x, target, weight), random([6, 10], 3));
  },
  "Huber's errors with weights of rows": () => {
    const [target, weight] = [random([6, 10], 1), tf.step(random([6, 1], 2))];
    return valueAndGradient((x) => huberError(x, target, weight, 0.5), random([6, 10], 3));
  },
  'errors without any weight': () => {
    const [target, weight] = [random([6, 10], 1), tf.zeros([6, 1])];
    return valueAndGradient((x) => squaredError(x, target, weight), random([6, 10], 3));
  },
  'a step of momentum': () => {
    const [weights, gradients, velocities] = [1, 4, 7].map(weightsLike);
    const step = { rate: 0.1, momentum: 0.9, shrink: [1, 0.5, 1] };
    const next = momentumStep(weights, gradients, velocities, step);
    return [...next.weights, ...next.velocities];
  },
  "a step of AlexNet's momentum": () => {
    const [weights, gradients, velocities] = [1, 4, 7].map(weightsLike);
    const step = { rate: 0.1, momentum: 0.9, decay: [0, 0.5, 0] };
    const next = alexNetStep(weights, gradients, velocities, step);
    return [...next.weights, ...next.velocities];
  },
  'a step of AdamW': () => {
    const [weights, gradients, first, roots] = [1, 4, 7, 10].map(weightsLike);
    const second = roots.map((root) => tf.square(root));
    const step = { rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 0.01, decay: [0, 0.5, 0], step: 3 };
    const next = adamWStep(weights, gradients, [first, second], step);
    return [...next.weights, ...next.first, ...next.second];
  },
  'a step of an average': () => averageStep(weightsLike(1), weightsLike(4), 0.9),
  'a norm, and gradients clipped by it': () => {
    const { norm, gradients } = clipByNorm(weightsLike(1), 2);
    return [norm, ...gradients];
  },
  'gradients within the limit of their norm': () => [...clipByNorm(weightsLike(1), 1000).gradients],
  'a norm without a limit': () => [clipByNorm(weightsLike(1), null).norm],
};

async function results(backend: BackendName, name: string): Promise<Float32Array[]> {
  await useBackend(backend);
  return tf.tidy(() => CASES[name]().map((tensor) => tensor.dataSync() as Float32Array));
}

test('points that are all the largest share the gradient of the maximum alike', async () => {
  await useBackend('cpu');
  const [ties, one] = tf.tidy(() => {
    const x = tf.tensor4d([3, 3, 1, 3, 0, 2], [2, 1, 3, 1]);
    const gradient = tf.grad((map) => tf.slice(globalPool(map as tf.Tensor4D, null, 'policy'), [0, 2]))(x);
    return tf.unstack(tf.reshape(gradient, [2, 3])).map((row) => [...row.dataSync()]);
  });
  expect(ties).toEqual([0.5, 0.5, 0]);
  expect(one).toEqual([1, 0, 0]);
});

describe.each(NAMES)('on the %s backend', (backend) => {
  test.skipIf(reasons.get(backend) !== null).each(Object.keys(CASES))('%s is right', async (name) => {
    const expected = await results('cpu', name);
    const actual = await results(backend, name);
    actual.forEach((values, i) => {
      expect(values).toHaveLength(expected[i].length);
      values.forEach((value, j) => expect(Math.abs(value - expected[i][j])).toBeLessThan(2e-5));
    });
  });
});
