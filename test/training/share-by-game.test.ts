/** Shares of positions with an interval by games. */
import { expect, test } from 'vitest';
import { ShareByGame } from '#training/share-by-game.ts';
import { studentBound } from '#training/student.ts';

function shareOf(games: readonly (readonly [hits: number, positions: number])[]): ShareByGame {
  const share = new ShareByGame();
  for (const [hits, positions] of games) share.add({ hits, positions });
  return share;
}

test('the interval is that of the ratio estimator over games', () => {
  const { share, interval } = shareOf([
    [1, 2],
    [3, 4],
    [2, 6],
  ]);
  expect(share).toBe(0.5);
  // Deviations 0, 1 and -1: the variance is 3/2 * 2 / 12^2.
  const half = studentBound(0.95, 2) * Math.sqrt(3 / 144);
  expect(interval?.low).toBeCloseTo(Math.max(0, 0.5 - half), 9);
  expect(interval?.high).toBeCloseTo(Math.min(1, 0.5 + half), 9);
});

test('games that are alike in themselves make it wider than as many positions that are not', () => {
  const width = ({ interval }: ShareByGame): number => (interval?.high ?? NaN) - (interval?.low ?? NaN);
  const alike = shareOf(Array.from({ length: 40 }, (_, i) => [10 * (i % 2), 10]));
  const mixed = shareOf(Array.from({ length: 400 }, (_, i) => [i % 2, 1]));
  expect(alike.share).toBe(mixed.share);
  expect(width(alike)).toBeGreaterThan(3 * width(mixed));
});

test('one game tells nothing of others, and none has no share', () => {
  expect(shareOf([[1, 2]]).interval).toBeNull();
  expect(shareOf([]).share).toBeNaN();
});
