/** What scores are worth to a search. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { scoreCentre, utility } from '#engine/search/score-utility.ts';

const AREA = 81;
const points = fc.double({ min: -80, max: 80, noNaN: true });
const deviation = fc.double({ min: 0, max: 30, noNaN: true });

test('utility rises with value and score, and stays within one and the weights of the score', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1, max: 1, noNaN: true }),
      points,
      deviation,
      points,
      (value, score, stdev, centre) => {
        const worth = utility(value, score, stdev, centre, AREA, NET_SEARCH);
        expect(Math.abs(worth)).toBeLessThanOrEqual(1 + 0.1 + 0.3);
        expect(utility(value, score + 1, stdev, centre, AREA, NET_SEARCH)).toBeGreaterThan(worth);
        expect(utility(value + 0.1, score, stdev, centre, AREA, NET_SEARCH)).toBeGreaterThan(worth);
      },
    ),
  );
});

test('utility changes its sign with the side that looks', () => {
  fc.assert(
    fc.property(points, deviation, points, (score, stdev, centre) => {
      const ours = utility(0.3, score, stdev, centre, AREA, NET_SEARCH);
      expect(utility(-0.3, -score, stdev, -centre, AREA, NET_SEARCH)).toBeCloseTo(-ours, 9);
    }),
  );
});

test('an unknown score counts for nothing', () => {
  expect(utility(0.25, NaN, NaN, 0, AREA, NET_SEARCH)).toBe(0.25);
});

test('an uncertain score is worth the mean over its distribution', () => {
  // The static part alone, against the trapezoidal rule over six deviations.
  const parameters = { ...NET_SEARCH, dynamicScoreWeight: 0, staticScoreWeight: 1 };
  for (const [score, stdev] of [
    [5, 4],
    [-20, 10],
    [0.5, 18],
  ]) {
    const steps = 4000;
    let [sum, weight] = [0, 0];
    for (let i = 0; i <= steps; i++) {
      const z = -6 + (12 * i) / steps;
      const density = Math.exp((-z * z) / 2);
      sum += (density * 2 * Math.atan((score + z * stdev) / 18)) / Math.PI;
      weight += density;
    }
    expect(utility(0, score, stdev, 0, AREA, parameters)).toBeCloseTo(sum / weight, 2);
  }
});

test('the centre of comparison follows the score of the root, a fifth short of it, by at most the scale', () => {
  expect(scoreCentre(NaN, AREA, NET_SEARCH)).toBe(0);
  expect(scoreCentre(10, AREA, NET_SEARCH)).toBeCloseTo(8, 9);
  expect(scoreCentre(-70, AREA, NET_SEARCH)).toBeCloseTo(-70 + 0.75 * 9, 9);
});
