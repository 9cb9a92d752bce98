/** Ratings by Bradley and Terry: they recover what was planted, and depend on nothing but the games. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { bradleyTerry } from '#selfplay/rating/bradley-terry.ts';
import type { PairResult, Rating } from '#selfplay/rating/bradley-terry.ts';
import { rateOf } from '#selfplay/rating/elo.ts';

const NAMES = ['random', 'a', 'b', 'c', 'd', 'e'];

const count = fc.integer({ min: 0, max: 40 });
const results: fc.Arbitrary<PairResult[]> = fc.array(
  fc
    .record({
      first: fc.constantFrom(...NAMES),
      second: fc.constantFrom(...NAMES),
      wins: count,
      losses: count,
      draws: count,
    })
    .filter(({ first, second }) => first !== second),
  { maxLength: 12 },
);

const swapped = ({ first, second, wins, losses, draws }: PairResult): PairResult => ({
  first: second,
  second: first,
  wins: losses,
  losses: wins,
  draws,
});

const byName = (ratings: readonly Rating[]): Map<string, Rating> =>
  new Map(ratings.map((rating) => [rating.name, rating]));

/** Games between all players of planted ratings, each pair `games` of them. */
function simulate(planted: Readonly<Record<string, number>>, games: number, seed: number): PairResult[] {
  const rng = makeRng(seed);
  const names = Object.keys(planted);
  return names.flatMap((first, i) =>
    names.slice(i + 1).map((second) => {
      let wins = 0;
      for (let game = 0; game < games; game++)
        if (rng.nextFloat() < rateOf(planted[first] - planted[second])) wins++;
      return { first, second, wins, losses: games - wins, draws: 0 };
    }),
  );
}

test('two players differ by the logit of their score, the drawn games of the prior counted in', () => {
  // (30 + 1) of (40 + 2): 400 log10(31 / 11).
  const [strong, weak] = bradleyTerry(
    [{ first: 'a', second: 'random', wins: 25, losses: 5, draws: 10 }],
    'random',
  );
  expect(strong.elo).toBeCloseTo(400 * Math.log10(31 / 11), 9);
  expect(weak).toMatchObject({ name: 'random', elo: 0, games: 40 });
  // The deviation of a logit is 1 / sqrt(n p q); each of two stands half of it away from their mean.
  const half = (1.959963984540054 / Math.sqrt((42 * (31 / 42) * 11) / 42) / 2) * (400 / Math.LN10);
  expect(strong.high - strong.elo).toBeCloseTo(half, 9);
  expect(weak.elo - weak.low).toBeCloseTo(half, 9);
  expect(strong.anchorMargin).toBeCloseTo(2 * half, 9);
  expect(weak.anchorMargin).toBe(0);
});

test('the ratings are where points won equal points expected', () => {
  // Three players in a circle, solved by hand: each beats the next 2 to 1, so all are equal.
  const circle = ['a', 'b', 'c'].map((first, i, names) => ({
    first,
    second: names[(i + 1) % 3],
    wins: 2,
    losses: 1,
    draws: 0,
  }));
  for (const { elo } of bradleyTerry(circle, 'a')) expect(elo).toBeCloseTo(0, 9);
});

test('planted ratings are recovered, and 95% of the intervals hold them', () => {
  const planted = { random: 0, a: 150, b: 300, c: 420, d: 700 };
  const mean = Object.values(planted).reduce((x, y) => x + y, 0) / 5;
  let held = 0;
  let heldFromAnchor = 0;
  let all = 0;
  for (let seed = 0; seed < 60; seed++) {
    const rated = bradleyTerry(simulate(planted, 60, seed), 'random');
    const ratedMean = rated.reduce((sum, { elo }) => sum + elo, 0) / 5;
    for (const { name, elo, low, high, anchorMargin } of rated) {
      const truth = planted[name as keyof typeof planted];
      expect(Math.abs(elo - truth)).toBeLessThan(200);
      // Intervals are those of the distance from the mean of all.
      if (low - ratedMean <= truth - mean && truth - mean <= high - ratedMean) held++;
      if (Math.abs(elo - truth) <= anchorMargin) heldFromAnchor++;
      all++;
    }
  }
  // 300 intervals at 95%: a standard deviation of 1.3%.
  expect(held / all).toBeGreaterThan(0.91);
  expect(held / all).toBeLessThan(0.99);
  // The anchor, a fifth of them, is always where it is.
  const rateFromAnchor = (heldFromAnchor - all / 5) / ((4 * all) / 5);
  expect(rateFromAnchor).toBeGreaterThan(0.91);
  expect(rateFromAnchor).toBeLessThan(0.99);
  const many = byName(bradleyTerry(simulate(planted, 20_000, 7), 'random'));
  for (const [name, truth] of Object.entries(planted))
    expect(Math.abs((many.get(name)?.elo ?? NaN) - truth)).toBeLessThan(12);
});

test('neither order nor grouping of results nor who is named first changes a bit', () => {
  fc.assert(
    fc.property(results, fc.infiniteStream(fc.boolean()), (games, coins) => {
      const rated = bradleyTerry(games, 'random');
      const single = games.flatMap(({ first, second, wins, losses, draws }) => [
        { first, second, wins, losses: 0, draws: 0 },
        { first, second, wins: 0, losses, draws: 0 },
        { first, second, wins: 0, losses: 0, draws },
      ]);
      const turned = single.reverse().map((result) => (coins.next().value ? swapped(result) : result));
      expect(bradleyTerry(turned, 'random')).toEqual(rated);
    }),
  );
});

test('who loses where others win has the opposite rating', () => {
  fc.assert(
    fc.property(results, (games) => {
      const rated = byName(bradleyTerry(games, 'random'));
      const mirrored = bradleyTerry(
        games.map(({ wins, losses, ...rest }) => ({ ...rest, wins: losses, losses: wins })),
        'random',
      );
      for (const { name, elo, low } of mirrored) {
        expect(elo).toBeCloseTo(-(rated.get(name)?.elo ?? NaN), 6);
        expect(low).toBeCloseTo(-(rated.get(name)?.high ?? NaN), 6);
      }
    }),
  );
});

test('another anchor shifts all ratings alike and changes the width of no interval', () => {
  fc.assert(
    fc.property(results, (games) => {
      const rated = bradleyTerry(games, 'random');
      for (const anchor of rated) {
        const shifted = byName(bradleyTerry(games, anchor.name));
        for (const { name, elo, low } of rated) {
          expect(shifted.get(name)?.elo).toBeCloseTo(elo - anchor.elo, 6);
          expect(shifted.get(name)?.low).toBeCloseTo(low - anchor.elo, 6);
        }
      }
    }),
  );
});

test('a win more makes the winner stronger', () => {
  fc.assert(
    fc.property(results, (games) => {
      const [some] = games;
      fc.pre(some !== undefined);
      const base = [...games, { first: 'a', second: 'random', wins: 1, losses: 1, draws: 0 }];
      const more = [...games, { first: 'a', second: 'random', wins: 2, losses: 1, draws: 0 }];
      const elo = (list: PairResult[]): number => byName(bradleyTerry(list, 'random')).get('a')?.elo ?? NaN;
      expect(elo(more)).toBeGreaterThan(elo(base));
    }),
  );
});

test('a ladder on which everybody won every game stays finite and in order', () => {
  const ladder = Array.from({ length: 30 }, (_, i) => ({
    first: `G${i + 1}`,
    second: i === 0 ? 'random' : `G${i}`,
    wins: 100,
    losses: 0,
    draws: 0,
  }));
  const rated = bradleyTerry(ladder, 'random');
  expect(rated.map(({ name }) => name)).toEqual([...ladder.map(({ first }) => first).reverse(), 'random']);
  expect(rated.every(({ elo, low, high }) => low < elo && elo < high && Number.isFinite(high - low))).toBe(
    true,
  );
});

test('players that no chain of games links with the anchor are not rated', () => {
  const rated = bradleyTerry(
    [
      { first: 'a', second: 'random', wins: 3, losses: 1, draws: 0 },
      { first: 'b', second: 'c', wins: 3, losses: 1, draws: 0 },
      { first: 'd', second: 'a', wins: 0, losses: 0, draws: 0 },
    ],
    'random',
  );
  expect(rated.map(({ name }) => name)).toEqual(['a', 'random']);
  expect(bradleyTerry([], 'random')).toEqual([
    { name: 'random', elo: 0, low: 0, high: 0, anchorMargin: 0, games: 0 },
  ]);
});
