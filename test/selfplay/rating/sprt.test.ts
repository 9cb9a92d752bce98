/** The sequential test: Wald's where his applies, and wrong no more often than it promises. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { rateOf } from '#selfplay/rating/elo.ts';
import { SequentialTest, formatSprt } from '#selfplay/rating/sequential-test.ts';
import { sprt } from '#selfplay/rating/sprt.ts';
import type { SprtBounds } from '#selfplay/rating/sprt.ts';

const BOUNDS: SprtBounds = { elo0: 0, elo1: 50, alpha: 0.05, beta: 0.05 };

test('without draws the ratio is the binomial one and the bounds are those of Wald', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), (losses, wins) => {
      const [p0, p1] = [rateOf(BOUNDS.elo0), rateOf(BOUNDS.elo1)];
      const wald = wins * Math.log(p1 / p0) + losses * Math.log((1 - p1) / (1 - p0));
      const { llr, lower, upper } = sprt([losses, 0, wins], BOUNDS);
      expect(Math.abs(llr - wald)).toBeLessThan(2e-3);
      expect([lower, upper]).toEqual([Math.log(0.05 / 0.95), Math.log(0.95 / 0.05)]);
    }),
  );
});

test('a pentanomial ratio agrees with that of Fishtest', () => {
  // Its approximation for close hypotheses: n (s1 - s0) (2 mean - s0 - s1) / (2 variance).
  const pairs = [12, 210, 560, 240, 14];
  const total = 1036;
  const mean = pairs.reduce((sum, n, i) => sum + (n * i) / 4, 0) / total;
  const variance = pairs.reduce((sum, n, i) => sum + n * (i / 4 - mean) ** 2, 0) / total;
  const [s0, s1] = [rateOf(0), rateOf(5)];
  const approximate = (total * (s1 - s0) * (2 * mean - s0 - s1)) / (2 * variance);
  expect(sprt(pairs, { ...BOUNDS, elo1: 5 }).llr).toBeCloseTo(approximate, 2);
});

test('the players exchanged, the hypotheses exchange', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(300), { minLength: 5, maxLength: 5 }),
      fc.integer({ min: -200, max: 199 }),
      (pairs, elo0) => {
        const forth = sprt(pairs, { ...BOUNDS, elo0, elo1: elo0 + 30 });
        const back = sprt([...pairs].reverse(), { ...BOUNDS, elo0: -elo0 - 30, elo1: -elo0 });
        expect(back.llr).toBeCloseTo(-forth.llr, 6);
      },
    ),
  );
});

// What stands for an outcome never seen counts less the more games there are, which can outweigh a single pair.
test('more points speak for the stronger hypothesis, once every outcome has been seen', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 5, maxLength: 5 }),
      fc.integer({ min: 0, max: 3 }),
      (pairs, i) => {
        const better = pairs.with(i + 1, pairs[i + 1] + 1);
        const worse = pairs.with(i, pairs[i] + 1);
        expect(sprt(better, BOUNDS).llr).toBeGreaterThan(sprt(worse, BOUNDS).llr);
      },
    ),
  );
});

/** Pairs whose two games depend on each other, by a player that is `elo` stronger, until the test is decided. */
function runTest(elo: number, bounds: SprtBounds, seed: number): SequentialTest {
  const rng = makeRng(seed);
  // Openings that favour one side decide both games in one pair of five; the others make up for it.
  const rate = (rateOf(elo) - 0.1) / 0.8;
  const test = new SequentialTest(bounds);
  for (let pair = 0; test.state.decision === 'continue'; pair++) {
    const [one, other] = rng.nextFloat() < 0.2 ? [1, 0] : [0, 1].map(() => (rng.nextFloat() < rate ? 1 : 0));
    test.add(2 * pair, one);
    test.add(2 * pair + 1, other);
  }
  return test;
}

test('errors are as rare as asked for, under either hypothesis', () => {
  const bounds = { ...BOUNDS, elo1: 100 };
  const share = (elo: number, decision: 'H0' | 'H1'): number =>
    Array.from({ length: 400 }, (_, seed) => runTest(elo, bounds, seed)).filter(
      ({ state }) => state.decision === decision,
    ).length / 400;
  for (const wrong of [share(0, 'H1'), share(100, 'H0')]) {
    // 5% of 400 is 20 with a deviation of 4.4.
    expect(wrong).toBeLessThan(0.08);
    expect(wrong).toBeGreaterThan(0.015);
  }
});

test('a clear difference is decided in few games', () => {
  for (let seed = 0; seed < 20; seed++) {
    const test = runTest(300, BOUNDS, seed);
    expect(test.state.decision).toBe('H1');
    expect(test.games).toBeLessThan(100);
  }
});

test('the decision is a function of the games, not of the order in which they end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 0.5, 1), { minLength: 60, maxLength: 200 }),
      fc.infiniteStream(fc.nat()),
      (points, keys) => {
        const bounds = { ...BOUNDS, elo1: 200 };
        const inOrder = new SequentialTest(bounds);
        for (const [index, each] of points.entries()) inOrder.add(index, each);
        const shuffled = new SequentialTest(bounds);
        const order = points.map((each, index) => ({ each, index, key: keys.next().value as number }));
        order.sort((a, b) => a.key - b.key);
        for (const { each, index } of order) shuffled.add(index, each);
        expect(shuffled.state).toEqual(inOrder.state);
        expect(shuffled.games).toBe(inOrder.games);
      },
    ),
  );
});

test('a test says what it found', () => {
  const test = new SequentialTest(BOUNDS);
  expect(formatSprt(test)).toBe('SPRT of 0 against 50 Elo: undecided, LLR 0.00 of -2.94 to 2.94');
  for (let index = 0; index < 100; index++) test.add(index, 1);
  expect(formatSprt(test)).toMatch(/: 50 accepted, LLR [3-9]/);
  // Once decided it stays so, and later games count no more.
  const { games } = test;
  test.add(100, 0);
  expect(test.games).toBe(games);
});
