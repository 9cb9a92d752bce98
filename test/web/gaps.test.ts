/** Which unknown values a curve is drawn through. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lonePoints, withGaps } from '../../web/src/state/gaps.ts';

const values = fc.array(fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { freq: 2 }), {
  maxLength: 30,
});

test('a line passes over two unknown values in a row and breaks at three, and points without a line are found', () => {
  const curve = withGaps([null, 1, null, null, 2, null, null, null, 3, null]);
  expect(curve).toEqual([null, 1, undefined, undefined, 2, null, null, null, 3, null]);
  expect(lonePoints(curve)).toEqual([8]);
  expect(lonePoints(withGaps([5]))).toEqual([0]);
  expect(lonePoints(withGaps([5, 6, null, null, null, 7]))).toEqual([5]);
});

test('every known value stays, and nothing is drawn before the first or after the last', () => {
  fc.assert(
    fc.property(values, (ys) => {
      const curve = withGaps(ys);
      expect(curve.map((y) => y ?? null)).toEqual(ys);
      const known = ys.flatMap((y, i) => (y === null ? [] : [i]));
      for (const [i, y] of curve.entries())
        if (y === undefined) expect(i > known[0] && i < known[known.length - 1]).toBe(true);
    }),
  );
});
