/** The views whose mean forecast is taken. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { BACKGROUND } from '#training/images/image-batch.ts';
import { VIEWS, seenIn } from '#training/images/views.ts';

beforeAll(() => useBackend('wasm'));

test.each([
  ['as it is', 0, 0, false, [1, 2, 3, 4, 5, 6]],
  ['mirrored', 0, 0, true, [3, 2, 1, 6, 5, 4]],
  ['up and to the left', -1, -1, false, [5, 6, BACKGROUND, BACKGROUND, BACKGROUND, BACKGROUND]],
  ['down and to the right', 1, 1, false, [BACKGROUND, BACKGROUND, BACKGROUND, BACKGROUND, 1, 2]],
  [
    'down and to the right, then mirrored',
    1,
    1,
    true,
    [BACKGROUND, BACKGROUND, BACKGROUND, 2, 1, BACKGROUND],
  ],
])('an image of 2 x 3 %s', (_, down, right, mirrored, expected) => {
  const seen = tf.tidy(() =>
    seenIn({ down, right, mirrored }, tf.tensor4d([1, 2, 3, 4, 5, 6], [1, 2, 3, 1])),
  );
  const values = [...seen.dataSync()];
  expect(seen.shape).toEqual([1, 2, 3, 1]);
  for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i], 6);
  seen.dispose();
});

test('a step is a sixteenth of the side, 2 of 28 pixels', () => {
  const points = Array.from({ length: 28 * 28 }, (_, i) => (i === 14 * 28 + 14 ? 1 : 0));
  const pixels = tf.tensor4d(points, [1, 28, 28, 1]);
  const moved = seenIn({ down: 1, right: -1, mirrored: false }, pixels);
  expect([...moved.dataSync()].indexOf(1)).toBe(16 * 28 + 12);
});

test('there are 2, 5 or 10, all different', () => {
  for (const [count, views] of VIEWS)
    expect(new Set(views.map((view) => JSON.stringify(view))).size).toBe(count);
  expect([...VIEWS.keys()]).toEqual([2, 5, 10]);
});
