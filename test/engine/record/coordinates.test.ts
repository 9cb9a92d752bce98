/** Points as text in GTP and SGF, and back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  formatMove,
  formatPoint,
  parseMove,
  parsePoint,
  parsePointList,
} from '#engine/record/coordinates.ts';

const boardAndMove = fc
  .tuple(fc.integer({ min: 2, max: 25 }), fc.integer({ min: 2, max: 25 }))
  .chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      move: fc.integer({ min: 0, max: width * height }),
    }),
  );

test('every move of every board reads back from its name and from its SGF point', () => {
  fc.assert(
    fc.property(boardAndMove, ({ width, height, move }) => {
      expect(parseMove(formatMove(move, width, height), width, height)).toBe(move);
      expect(parsePoint(formatPoint(move, width, height), width, height)).toBe(move);
    }),
  );
});

test('columns skip I, rows count from the bottom, and case does not matter', () => {
  expect(parseMove('A9', 9, 9)).toBe(0);
  expect(parseMove('j1', 9, 9)).toBe(80);
  expect(parseMove('I5', 9, 9)).toBeNull();
  expect(formatMove(8, 9, 9)).toBe('J9');
  expect(parseMove('Z25', 25, 25)).toBe(24);
  expect(parseMove('PASS', 9, 9)).toBe(81);
});

test.each(['', 'D', '4D', 'D0', 'D10', 'K1', 'D04', 'D4 ', 'DD4', 'É4'])(
  '%j names no point of a 9x9 board',
  (text) => {
    expect(parseMove(text, 9, 9)).toBeNull();
  },
);

test("'tt' is a pass on boards up to 19x19 and a point on larger ones", () => {
  expect(parsePoint('tt', 9, 9)).toBe(81);
  expect(parsePoint('tt', 19, 19)).toBe(361);
  expect(parsePoint('tt', 21, 21)).toBe(19 * 21 + 19);
  expect(parsePoint('', 21, 21)).toBe(441);
});

test.each(['a', 'aaa', 'AA', 'ja', 'aj', 'a1'])('%j is no SGF point of a 9x9 board', (value) => {
  expect(parsePoint(value, 9, 9)).toBeNull();
});

test('a compressed list holds every point of its rectangles once, whichever corners are given', () => {
  const points = [0, 1, 9, 10];
  for (const value of ['aa:bb', 'bb:aa', 'ba:ab', 'ab:ba'])
    expect(parsePointList([value], 9, 9)).toEqual({ ok: true, points });
  expect(parsePointList(['aa:bb', 'ba', 'cc'], 9, 9)).toEqual({ ok: true, points: [...points, 20] });
  expect(parsePointList([''], 9, 9)).toEqual({ ok: true, points: [] });
});

test('a list names its first value that is no point', () => {
  expect(parsePointList(['aa', 'a:b', 'cc'], 9, 9)).toEqual({ ok: false, value: 'a:b' });
  expect(parsePointList(['aa:bb:cc'], 9, 9)).toEqual({ ok: false, value: 'aa:bb:cc' });
  expect(parsePointList(['aa:tt'], 9, 9)).toEqual({ ok: false, value: 'aa:tt' });
});
