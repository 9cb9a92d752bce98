/** How hard a net thinks, and what goes along with it. */
import { expect, test } from 'vitest';
import { openRawNet } from '#nets/inference/raw-opinion.ts';
import type { NetFile } from '#nets/file.ts';
import { effortOnGames } from '#training/effort.ts';
import { partialRankCorrelation, rankCorrelation } from '#training/rank-correlation.ts';
import { randomNet, specOf } from '../nets/architectures/small-nets.ts';
import { randomGame } from './games.ts';

test('ranks that are equal share their mean', () => {
  // Ranks 0, 1.5, 1.5, 3 against 0, 2, 1, 3: covariance 4.5, squares 4.5 and 5.
  expect(rankCorrelation([1, 5, 5, 9], [-3, 0, -1, 100])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  expect(rankCorrelation([1, 2, 3], [9, 4, 1])).toBeCloseTo(-1, 12);
  expect(rankCorrelation([1, 2, 3], [7, 7, 7])).toBeNaN();
});

test('what two quantities owe to a third alone is no partial correlation', () => {
  const z = Array.from({ length: 400 }, (_, i) => i);
  const wave = (period: number): number[] =>
    z.map((value) => value + 60 * Math.sin((2 * Math.PI * value) / period));
  expect(rankCorrelation(wave(7), wave(11))).toBeGreaterThan(0.8);
  expect(Math.abs(partialRankCorrelation(wave(7), wave(11), z))).toBeLessThan(0.1);
  expect(partialRankCorrelation(wave(7), wave(7), z)).toBeCloseTo(1, 12);
});

test('the effort on games is that on each of their positions', async () => {
  const spec = specOf('ode:4');
  const net: NetFile = randomNet(spec);
  const opened = await openRawNet(net);
  const games = [{ path: 'games.sgfs', records: [1, 2].map((seed) => randomGame(seed, 5, 14)) }];
  const measure = (holdOut: number, every: number): ReturnType<typeof effortOnGames> =>
    effortOnGames(opened, games, { holdOut, every, skipped: new Map() });
  const all = await measure(1, 1);
  expect(all?.positions).toBe(2 * 16);
  const shares = Object.entries(all?.shares ?? {});
  expect(shares.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 12);
  expect(all?.evaluations).toBeCloseTo(
    shares.reduce((sum, [count, share]) => sum + Number(count) * share, 0),
    12,
  );
  expect((await measure(1, 4))?.positions).toBe(8);
  expect(await measure(0, 1)).toBeNull();
  await opened.close();
});
