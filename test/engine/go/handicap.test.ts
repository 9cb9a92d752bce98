/** Fixed handicap points. */
import { expect, test } from 'vitest';
import { handicapPoints, maxHandicap } from '#engine/go/handicap.ts';

test('nine stones on 19x19 stand on the star points', () => {
  const points = handicapPoints(9, 19, 19).map((p) => [p % 19, Math.floor(p / 19)]);
  const stars = [3, 9, 15].flatMap((y) => [3, 9, 15].map((x) => [x, y]));
  expect(new Set(points.map(String))).toEqual(new Set(stars.map(String)));
});

test('two stones stand in opposite corners: lower left, then upper right', () => {
  expect(handicapPoints(2, 9, 9)).toEqual([6 * 9 + 2, 2 * 9 + 6]);
});

test('only five, seven and nine stones use the centre', () => {
  for (let count = 2; count <= 9; count++)
    expect(handicapPoints(count, 13, 13).includes(84), `${count}`).toBe([5, 7, 9].includes(count));
});

test('every handicap is that many different points, and one more than the most is refused', () => {
  for (let width = 2; width <= 25; width++)
    for (let height = 2; height <= 25; height++) {
      const most = maxHandicap(width, height);
      for (let count = 2; count <= most; count++) {
        const points = new Set(handicapPoints(count, width, height));
        expect(points.size).toBe(count);
        for (const p of points) expect(Number.isInteger(p) && p >= 0 && p < width * height).toBe(true);
      }
      expect(() => handicapPoints(Math.max(most, 1) + 1, width, height)).toThrow(RangeError);
    }
});

test('7x7 and boards with an even side take four stones at most, smaller boards none', () => {
  expect([maxHandicap(7, 7), maxHandicap(8, 8), maxHandicap(19, 18), maxHandicap(6, 9)]).toEqual([
    4, 4, 4, 0,
  ]);
});
