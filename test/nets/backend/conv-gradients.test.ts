/** Convolutions and their gradients on the backends that bring their own, against those of tfjs on the cpu, whatever the shape. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { useBackend, type BackendName } from '#nets/backend/backends.ts';
import { missing } from './available.ts';

const NAMES: readonly BackendName[] = ['wasm', 'torch'];
const reasons = await missing(NAMES);

type Conv = typeof tf.conv2d | typeof tf.depthwiseConv2d;
type Gradients = { y: Float32Array; dx: Float32Array; dk: Float32Array };

/** conv(x, k) and the gradients of sum(dy * conv(x, k)) on a backend, from seeded inputs. */
async function gradients(
  backend: BackendName,
  conv: Conv,
  x: number[],
  k: number[],
  stride: number,
  pad: 'same' | 'valid',
): Promise<Gradients> {
  await useBackend(backend);
  return tf.tidy(() => {
    const [input, kernel] = [tf.randomNormal(x, 0, 1, 'float32', 1), tf.randomNormal(k, 0, 1, 'float32', 2)];
    const forward = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
      conv(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad);
    const y = forward(input, kernel);
    const dy = tf.randomNormal(y.shape, 0, 1, 'float32', 3);
    const [dx, dk] = tf.grads(forward)([input, kernel], dy);
    const [values, ofInput, ofKernel] = [y, dx, dk].map((tensor) => tensor.dataSync() as Float32Array);
    return { y: values, dx: ofInput, dk: ofKernel };
  });
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual).toHaveLength(expected.length);
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
  expect(worst / scale).toBeLessThan(1e-5);
}

describe.each(NAMES)('on the %s backend', (backend) => {
  const reason = reasons.get(backend);
  test.skipIf(reason !== null).each<[number[], number[], number, 'same' | 'valid']>([
    [[4, 9, 9, 3], [3, 3, 3, 5], 1, 'same'],
    [[3, 7, 5, 6], [1, 1, 6, 2], 1, 'same'],
    [[2, 6, 8, 3], [5, 5, 3, 4], 1, 'same'],
    [[2, 7, 8, 3], [3, 3, 3, 4], 1, 'valid'],
    [[2, 9, 9, 2], [3, 3, 2, 3], 2, 'same'],
    [[2, 8, 7, 2], [3, 2, 2, 3], 2, 'valid'],
    [[1, 8, 8, 2], [1, 1, 2, 3], 2, 'valid'],
    [[1, 10, 9, 2], [2, 2, 2, 3], 3, 'valid'],
    [[1, 6, 6, 2], [4, 4, 2, 3], 1, 'same'],
    [[5, 9, 9, 16], [3, 3, 16, 24], 1, 'same'],
    [[2, 8, 8, 2], [1, 1, 2, 3], 2, 'same'],
    [[2, 9, 10, 3], [2, 2, 3, 4], 3, 'same'],
  ])(
    'the values and gradients of a convolution of [%s] with [%s], stride %i, %s are right',
    async (x, k, stride, pad) => {
      const expected = await gradients('cpu', tf.conv2d, x, k, stride, pad);
      const actual = await gradients(backend, tf.conv2d, x, k, stride, pad);
      expectClose(actual.y, expected.y);
      expectClose(actual.dx, expected.dx);
      expectClose(actual.dk, expected.dk);
    },
  );

  test.skipIf(reason !== null).each<[number[], number[], number, 'same' | 'valid']>([
    [[2, 6, 7, 3], [3, 3, 3, 1], 1, 'same'],
    [[2, 8, 8, 2], [1, 1, 2, 2], 2, 'same'],
    [[2, 9, 10, 3], [2, 2, 3, 1], 3, 'same'],
    [[2, 6, 7, 3], [3, 3, 3, 2], 1, 'valid'],
    [[1, 9, 8, 2], [3, 3, 2, 2], 2, 'same'],
  ])('those of a depthwise one of [%s] with [%s], stride %i, %s too', async (x, k, stride, pad) => {
    const expected = await gradients('cpu', tf.depthwiseConv2d, x, k, stride, pad);
    const actual = await gradients(backend, tf.depthwiseConv2d, x, k, stride, pad);
    expectClose(actual.y, expected.y);
    expectClose(actual.dx, expected.dx);
    expectClose(actual.dk, expected.dk);
  });
});
