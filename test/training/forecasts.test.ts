/** The quality of forecasts, by hand and by law. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Forecasts } from '#training/forecasts.ts';

const of = (...values: number[]): Float32Array => Float32Array.of(...values);

test('calibration compares how sure forecasts are with how often they are right, bin by bin', () => {
  const forecasts = new Forecasts();
  // Four times 0.8 sure and right three times, twice 0.5 sure and never right.
  for (const answer of [0, 0, 0, 1]) forecasts.add([of(0.8, 0.2)], answer);
  for (const answer of [1, 1]) forecasts.add([of(0.5, 0.3, 0.2)], answer);
  const { ece, accuracy, nll } = forecasts.quality;
  expect(ece).toBeCloseTo((4 / 6) * Math.abs(0.75 - 0.8) + (2 / 6) * Math.abs(0 - 0.5), 6);
  expect(accuracy).toBeCloseTo(0.5);
  expect(nll).toBeCloseTo(-(3 * Math.log(0.8) + Math.log(0.2) + 2 * Math.log(0.3)) / 6, 6);
});

test('nets that are as unsure as each other agree, and sure ones that contradict each other do not', () => {
  const quality = (...members: Float32Array[]): number => {
    const forecasts = new Forecasts();
    forecasts.add(members, 0);
    return forecasts.quality.disagreement;
  };
  expect(quality(of(0.5, 0.5))).toBe(0);
  expect(quality(of(0.5, 0.5), of(0.5, 0.5))).toBeCloseTo(0, 6);
  expect(quality(of(1, 0), of(0, 1))).toBeCloseTo(Math.LN2, 6);
});

test('of two nets the mean is right or wrong, and figures are means over nets and forecasts', () => {
  const forecasts = new Forecasts();
  // Together 0.6 and 0.7 for the first answer; the first net alone is wrong at first.
  forecasts.add([of(0.3, 0.7), of(0.9, 0.1)], 0);
  forecasts.add([of(0.5, 0.5), of(0.9, 0.1)], 1);
  const entropy = (p: number): number => -p * Math.log(p) - (1 - p) * Math.log(1 - p);
  const { accuracy, nll, members, memberNll, disagreement } = forecasts.quality;
  expect(members.map((member) => member.accuracy)).toEqual([0, 1 / 2]);
  expect(members[0].nll).toBeCloseTo(-Math.log(0.3 * 0.5) / 2, 6);
  expect(members[1].ece).toBeCloseTo(0.4, 6);
  expect(accuracy).toBe(1 / 2);
  expect(nll).toBeCloseTo(-Math.log(0.6 * 0.3) / 2, 6);
  expect(memberNll).toBeCloseTo(-Math.log(0.3 * 0.9 * 0.5 * 0.1) / 4, 6);
  const alone = (entropy(0.3) + entropy(0.9) + entropy(0.5) + entropy(0.9)) / 4;
  expect(disagreement).toBeCloseTo((entropy(0.6) + entropy(0.7)) / 2 - alone, 6);
});

const distribution = fc
  .array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
  .map((weights) => Float32Array.from(weights, (weight) => weight / weights.reduce((a, b) => a + b)));

test('the mean of nets never forecasts worse than they do on average, and disagreement is never negative', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 4 }).chain((nets) => {
        const members = fc.array(distribution, { minLength: nets, maxLength: nets });
        return fc.array(fc.tuple(members, fc.nat(2)), { minLength: 1 });
      }),
      (all) => {
        const forecasts = new Forecasts();
        for (const [members, answer] of all) forecasts.add(members, answer);
        const { nll, memberNll, disagreement, ece } = forecasts.quality;
        expect(nll).toBeLessThanOrEqual(memberNll + 1e-6);
        expect(disagreement).toBeGreaterThanOrEqual(0);
        expect(ece).toBeGreaterThanOrEqual(0);
        expect(ece).toBeLessThanOrEqual(1);
      },
    ),
  );
});
