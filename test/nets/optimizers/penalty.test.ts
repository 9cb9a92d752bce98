/** What penalties do to weights: corners at 0 hold them there, round bottoms do not. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { shrinkFilters, softThreshold } from '#nets/ops/proximal.ts';
import { addPenaltyGradient, proximalStep } from '#nets/optimizers/penalty.ts';

beforeAll(() => useBackend('cpu'));

const valuesOf = (make: () => tf.Tensor): number[] => tf.tidy(() => [...make().dataSync()]);

test('the soft threshold draws every value nearer to 0 by as much, and what is nearer becomes 0', () => {
  const w = [-3, -1, -0.5, 0, 0.25, 1, 2.5];
  expect(valuesOf(() => softThreshold(tf.tensor1d(w), 1))).toEqual([-2, 0, 0, 0, 0, 0, 1.5]);
});

test('a filter shrinks as a whole: its direction stays until it is 0', () => {
  // Filters (columns) of norm 5, 1 and 0.
  const kernel = (): tf.Tensor =>
    tf.tensor4d(
      [
        [3, 0.6, 0],
        [4, 0.8, 0],
      ].flat(),
      [1, 1, 2, 3],
    );
  const shrunk = valuesOf(() => shrinkFilters(kernel(), 2));
  [1.8, 0, 0, 2.4, 0, 0].forEach((value, i) => expect(shrunk[i]).toBeCloseTo(value, 6));
});

test('a step of no length, as at the end of a cosine, leaves filters as they are, also those that are 0', () => {
  const kernel = [3, 0, 4, 0];
  expect(valuesOf(() => shrinkFilters(tf.tensor2d(kernel, [2, 2]), 0))).toEqual(kernel);
});

test('a proximal step finds the bottom of its penalty and half the squared distance', () => {
  const number = fc.double({ min: -2, max: 2, noNaN: true });
  const weight = fc.double({ min: 0.01, max: 1, noNaN: true });
  const small = fc.array(number, { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(small, weight, weight, small, (start, l1, groupLasso, aside) => {
      const cost = (u: number[]): number =>
        u.reduce((sum, value, i) => sum + l1 * Math.abs(value) + (value - start[i]) ** 2 / 2, 0) +
        groupLasso * (Math.hypot(u[0], u[2]) + Math.hypot(u[1], u[3]));
      const penalty = { l1, l2: 0, groupLasso };
      const found = valuesOf(() => proximalStep(tf.tensor2d(start, [2, 2]), 1, penalty));
      for (const other of [start, aside, found.map((value, i) => value + aside[i] / 50)])
        expect(cost(found)).toBeLessThanOrEqual(cost(other) + 1e-5);
    }),
  );
});

test('the gradient of l2 |w|^2 / 2 is l2 w, and the other penalties have none of their own', () => {
  const gradient = (l2: number): number[] =>
    valuesOf(() =>
      tf.clone(addPenaltyGradient(tf.tensor1d([1, 1]), tf.tensor1d([2, -4]), { l1: 1, l2, groupLasso: 1 })),
    );
  expect(gradient(0.5)).toEqual([2, -1]);
  expect(gradient(0)).toEqual([1, 1]);
});
