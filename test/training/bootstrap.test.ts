/** Intervals of statistics without a formula. */
import { mean } from 'simple-statistics';
import { expect, test } from 'vitest';
import { gaussian } from '#engine/go/draws.ts';
import { makeRng } from '#engine/go/random.ts';
import { bootstrap95 } from '#training/bootstrap.ts';

test('the interval of a mean is that of the formula, by groups and not by what is in them', () => {
  const rng = makeRng(3);
  const values = Array.from({ length: 200 }, () => gaussian(rng));
  const error = 1.96 / Math.sqrt(200);
  for (const copies of [1, 50]) {
    // Copies of a value say nothing more.
    const groups = values.map((value) => Array<number>(copies).fill(value));
    const interval = bootstrap95(groups, (items) => mean([...items]), makeRng(1));
    expect(((interval?.high ?? 0) - (interval?.low ?? 0)) / 2 / error).toBeGreaterThan(0.8);
    expect(((interval?.high ?? 0) - (interval?.low ?? 0)) / 2 / error).toBeLessThan(1.25);
    expect(interval?.low).toBeLessThan(mean(values));
    expect(interval?.high).toBeGreaterThan(mean(values));
  }
});

test('one group tells nothing, nor does a statistic that some draws have none of', () => {
  expect(bootstrap95([[1, 2, 3]], (items) => mean([...items]), makeRng(1))).toBeNull();
  expect(bootstrap95([[1], [2]], (items) => (new Set(items).size === 1 ? NaN : 1), makeRng(1))).toBeNull();
});
