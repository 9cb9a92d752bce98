/** Results as text and back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { formatScore, formatWin, parseResult } from '#engine/record/result.ts';

test('results are read as people write them', () => {
  expect(parseResult('B+3.5')).toEqual({ winner: 1, marginBlack: 3.5 });
  expect(parseResult('W+R')).toEqual({ winner: -1, marginBlack: null });
  expect(parseResult(' Draw ')).toEqual({ winner: 0, marginBlack: 0 });
  expect(parseResult('w+Time')).toEqual({ winner: -1, marginBlack: null });
  for (const silent of ['', 'Void', '?', 'B', 'B 3.5']) expect(parseResult(silent)).toBeNull();
});

test('a counted result reads back as its score', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1250, max: 1250 }), (halves) => {
      const result = parseResult(formatScore(halves / 2));
      expect(result?.winner).toBe(halves === 0 ? 0 : Math.sign(halves));
      expect(result?.marginBlack).toBe(halves === 0 ? 0 : halves / 2);
    }),
  );
});

test('a game that was not counted names its winner and no margin', () => {
  expect(formatWin(WHITE, 'R')).toBe('W+R');
  expect(parseResult(formatWin(BLACK, 'F'))).toEqual({ winner: 1, marginBlack: null });
});
