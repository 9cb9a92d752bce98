/** Targets of classification: smoothed by the formula, and met or not. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { hitShare, smoothed } from '#training/answers.ts';

beforeAll(() => useBackend('cpu'));

test('a smoothed target is (1 - e) target + e / K on the K answers there are, and still sums to 1', () => {
  const target = tf.tensor2d([
    [0, 1, 0, 0],
    [0, 0, 1, 0],
  ]);
  const answers = tf.tensor2d([
    [1, 1, 1, 1],
    [0, 1, 1, 0],
  ]);
  const values = smoothed(target, answers, 0.2).arraySync();
  const expected = [
    [0.05, 0.85, 0.05, 0.05],
    [0, 0.1, 0.9, 0],
  ];
  values.flat().forEach((value, i) => expect(value).toBeCloseTo(expected.flat()[i], 6));
  expect(smoothed(target, answers, 0)).toBe(target);
});

test('an answer is hit where the largest logit is', () => {
  const logits = tf.tensor2d([
    [1, 3, 2],
    [5, 3, 2],
    [0, 1, 2],
  ]);
  const target = tf.tensor2d([
    [0, 1, 0],
    [0, 1, 0],
    [0.1, 0.1, 0.8],
  ]);
  expect(hitShare(logits, target).dataSync()[0]).toBeCloseTo(2 / 3);
});
