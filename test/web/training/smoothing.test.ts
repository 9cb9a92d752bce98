/** Curves keep what matters when they are smoothed and thinned out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reachOf, smooth, thin } from '../../../web/src/state/training/smoothing.ts';
import { valueRange } from '../../../web/src/state/training/value-range.ts';

const value = fc.double({ min: -1e3, max: 1e3, noNaN: true });
const values = fc.array(fc.option(value, { freq: 5 }), { maxLength: 60 });
const reach = fc.double({ min: 0.05, max: 30, noNaN: true });

/** The definition, term by term. */
function smoothNaively(ys: readonly (number | null)[], distance: number): (number | null)[] {
  return ys.map((own, i) => {
    if (own === null) return null;
    let [sum, weights] = [0, 0];
    for (const [j, y] of ys.entries()) {
      if (y === null) continue;
      const weight = Math.exp(-Math.abs(i - j) / distance);
      sum += weight * y;
      weights += weight;
    }
    return sum / weights;
  });
}

describe('smoothing', () => {
  it('is the mean weighted by distance on both sides, unknown values left out', () => {
    fc.assert(
      fc.property(values, reach, (ys, distance) => {
        const naive = smoothNaively(ys, distance);
        for (const [i, y] of smooth(ys, distance).entries()) {
          if (y === null) expect(naive[i]).toBeNull();
          else expect(y).toBeCloseTo(naive[i] ?? Number.NaN, 6);
        }
      }),
    );
  });

  it('turns with the curve: what is smoothed backwards is the smoothed curve backwards', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), reach, (ys, distance) => {
        const turned = smooth(ys.toReversed(), distance).toReversed();
        for (const [i, y] of smooth(ys, distance).entries())
          expect(turned[i]).toBeCloseTo(y ?? Number.NaN, 6);
      }),
    );
  });

  it('changes nothing where it is off, and reaches over a tenth of the curve at most', () => {
    fc.assert(
      fc.property(values, (ys) => {
        expect(smooth(ys, 0)).toEqual(ys);
      }),
    );
    expect(reachOf(0, 1000)).toBe(0);
    expect(reachOf(1, 1000)).toBe(100);
  });
});

describe('thinning', () => {
  const points = values.map((y) => ({ x: y.map((_, i) => i), y }));

  it('keeps both ends and the extremes, in order, and no more points than asked', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 10 }), ({ x, y }, buckets) => {
        const thinned = thin({ x, y }, buckets);
        expect(thinned.x.length).toBeLessThanOrEqual(2 * buckets + 2);
        expect(thinned.x.toSorted((a, b) => a - b)).toEqual(thinned.x);
        expect(thinned.y).toEqual(thinned.x.map((i) => y[i]));
        expect([thinned.x.at(0), thinned.x.at(-1)]).toEqual([x.at(0), x.at(-1)]);
        const known = (all: readonly (number | null)[]): number[] => all.filter((one) => one !== null);
        expect(Math.max(...known(thinned.y))).toBe(Math.max(...known(y)));
        expect(Math.min(...known(thinned.y))).toBe(Math.min(...known(y)));
      }),
    );
  });

  it('leaves a short curve as it is', () => {
    const short = { x: [0, 1, 2], y: [1, null, 3] };
    expect(thin(short, 1)).toEqual(short);
  });
});

describe('the range of values', () => {
  it('holds all of the smoothed curve and all but rare peaks of the raw one', () => {
    const raw = Array.from({ length: 100 }, (_, i) => (i === 50 ? 1000 : i % 10));
    const [low, high] = valueRange([{ raw, smoothed: raw.map((y) => Math.min(y, 9)) }], null);
    expect([low < 0, low > -1, high > 9, high < 10]).toEqual([true, true, true, true]);
  });

  it('holds what it must, is never empty, and never upside down', () => {
    expect(valueRange([{ raw: [0.2], smoothed: [0.2] }], [0, 1])).toEqual([0, 1]);
    fc.assert(
      fc.property(values, (ys) => {
        const [low, high] = valueRange([{ raw: ys, smoothed: ys }], null);
        expect(low).toBeLessThan(high);
        for (const y of ys) if (y !== null) expect(y >= low && y <= high).toBe(true);
      }),
    );
    expect(valueRange([{ raw: [null], smoothed: [null] }], null)).toEqual([0, 1]);
  });
});
