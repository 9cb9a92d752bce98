/** Intervals, Elo and what they say of a match. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatStatistics, matchStatistics } from '#selfplay/statistics.ts';

const points = fc.array(fc.constantFrom(0, 0.5, 1), { minLength: 1, maxLength: 200 });

test("the interval is Wilson's: 8 of 10 gives 49.0% to 94.3%", () => {
  // Newcombe 1998, method 3, as R's prop.test(8, 10, correct = FALSE) prints it.
  const { rate95 } = matchStatistics([1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
  expect(rate95.low).toBeCloseTo(0.4901625, 6);
  expect(rate95.high).toBeCloseTo(0.9433178, 6);
});

test('a win rate of 10/11 is 400 Elo, and one half is none', () => {
  expect(matchStatistics([...Array<number>(10).fill(1), 0]).elo).toBeCloseTo(400, 9);
  expect(matchStatistics([0.5, 1, 0]).elo).toBeCloseTo(0, 9);
});

test('wins, losses and draws add up to the games, and the interval holds the rate', () => {
  fc.assert(
    fc.property(points, (results) => {
      const { games, wins, losses, draws, rate, rate95, elo95 } = matchStatistics(results);
      expect(wins + losses + draws).toBe(games);
      expect(rate).toBeCloseTo((wins + draws / 2) / games, 12);
      expect(rate95.low).toBeLessThanOrEqual(rate);
      expect(rate95.high).toBeGreaterThanOrEqual(rate);
      expect(elo95.low).toBeLessThanOrEqual(elo95.high);
    }),
  );
});

test('swapping the sides mirrors rate, interval and Elo', () => {
  fc.assert(
    fc.property(points, (results) => {
      const ours = matchStatistics(results);
      const theirs = matchStatistics(results.map((point) => 1 - point));
      expect(theirs.rate).toBeCloseTo(1 - ours.rate, 12);
      expect(theirs.rate95.low).toBeCloseTo(1 - ours.rate95.high, 12);
      if (Number.isFinite(ours.elo)) expect(theirs.elo).toBeCloseTo(-ours.elo, 6);
      else expect(theirs.elo).toBe(-ours.elo);
    }),
  );
});

test('a clean sweep has no upper bound of Elo but a lower one', () => {
  const statistics = matchStatistics([1, 1, 1, 1]);
  expect(statistics.elo95.high).toBe(Infinity);
  expect(Number.isFinite(statistics.elo95.low)).toBe(true);
  expect(formatStatistics(statistics)).toMatch(
    /^4 wins, 0 losses, 0 draws; 100\.0% .*Elo \+infinity \(\+\d+ to \+infinity\)$/,
  );
  expect(formatStatistics(matchStatistics([]))).toBe('no finished games');
});
