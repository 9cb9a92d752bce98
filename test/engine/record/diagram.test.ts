/** Boards as text diagrams, and back. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDiagram, parseDiagram } from '#engine/record/diagram.ts';

const diagrams = fc
  .tuple(fc.integer({ min: 2, max: 25 }), fc.integer({ min: 2, max: 25 }))
  .chain(([width, height]) =>
    fc
      .array(fc.integer({ min: 0, max: 2 }), { minLength: width * height, maxLength: width * height })
      .map((stones) => ({ width, height, stones: Uint8Array.from(stones) })),
  );

test('a drawn board reads back as itself, with any last move marked', () => {
  fc.assert(
    fc.property(diagrams, fc.nat(), (board, n) => {
      expect(parseDiagram(formatDiagram(board))).toEqual(board);
      expect(parseDiagram(formatDiagram(board, n % board.stones.length))).toEqual(board);
    }),
  );
});

test('a board is drawn with coordinates on all sides and the last move in parentheses', () => {
  const board = parseDiagram(`
    . X .
    O . X`);
  expect(formatDiagram(board, 5).split('\n')).toEqual([
    '    A B C',
    '  2 . X . 2',
    '  1 O .(X)1',
    '    A B C',
  ]);
});

test('rows of different lengths are refused', () => {
  expect(() => parseDiagram('. .\n. . .')).toThrow('rows of one length');
});
