/** How much of a net is exactly 0. */
import { expect, test } from 'vitest';
import { sparsityOf } from '#training/study/sparsity.ts';

test('zeros are counted in kernels alone, and by outputs', () => {
  const weights = new Map([
    // Two filters over two inputs, of which the second is 0.
    ['trunk/conv/kernel', { shape: [1, 1, 2, 2], values: Float32Array.of(1, 0, 2, 0) }],
    ['head/dense/kernel', { shape: [2, 1], values: Float32Array.of(0, 3) }],
    ['trunk/bn/beta', { shape: [2], values: Float32Array.of(0, 0) }],
  ]);
  expect(sparsityOf([{ weights }])).toEqual({ zeroWeights: 3 / 6, zeroFilters: 1 / 3 });
  expect(sparsityOf([{ weights: new Map() }])).toEqual({ zeroWeights: 0, zeroFilters: 0 });
  const dense = new Map([['conv/kernel', { shape: [1, 2], values: Float32Array.of(1, 1) }]]);
  expect(sparsityOf([{ weights }, { weights: dense }])).toEqual({ zeroWeights: 3 / 8, zeroFilters: 1 / 5 });
});
