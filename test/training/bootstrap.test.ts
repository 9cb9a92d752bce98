/** Intervals of statistics without a formula. */
import { mean, standardDeviation } from 'simple-statistics';
import { expect, test } from 'vitest';
import { gaussian } from '#engine/go/draws.ts';
import { makeRng } from '#engine/go/random.ts';
import type { Interval } from '#selfplay/statistics.ts';
import { bootstrap95 } from '#training/bootstrap.ts';

const meanOf = (items: readonly number[]): number => mean([...items]);

test('the interval of a mean is that of the formula, mean +- 1.96 s / sqrt(n), as the mean over 20 samples has it', () => {
  const ends = Array.from({ length: 20 }, (_, seed) => {
    const rng = makeRng(seed);
    const values = Array.from({ length: 100 }, () => gaussian(rng));
    const groups = values.map((value) => [value]);
    const { low, high } = bootstrap95(groups, meanOf, rng) as Interval;
    const error = standardDeviation(values) / Math.sqrt(100);
    return [low, high].map((end) => (end - mean(values)) / error);
  });
  // Chance moves each end by a fifteenth of its distance, and the mean of 20 by a sixtieth; a 90% interval has 1.64.
  expect(Math.abs(mean(ends.map(([low]) => low)) + 1.96)).toBeLessThan(0.1);
  expect(Math.abs(mean(ends.map(([, high]) => high)) - 1.96)).toBeLessThan(0.1);
});

test('copies of a value in a group say nothing more', () => {
  const [one, many] = [1, 50].map((copies) => {
    const groups = [3, 1, 4, 1, 5, 9, 2, 6].map((value) => Array<number>(copies).fill(value));
    return bootstrap95(groups, meanOf, makeRng(1));
  });
  expect(many).toEqual(one);
});

test('one group tells nothing, nor does a statistic that some draws have none of', () => {
  expect(bootstrap95([[1, 2, 3]], meanOf, makeRng(1))).toBeNull();
  expect(bootstrap95([[1], [2]], (items) => (new Set(items).size === 1 ? NaN : 1), makeRng(1))).toBeNull();
});
