/** Hashes of positions as text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Board } from '#engine/go/board.ts';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { SYMMETRY_COUNT, mapPoint } from '#engine/go/symmetry.ts';
import { positionHashes } from '#engine/record/analysis-hash.ts';

const side = fc.integer({ min: 2, max: 7 });
const stones = fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.constantFrom(BLACK, WHITE)), { maxLength: 12 });

test('a mirrored or turned position has the same symHash, and its own thisHash leads back to it', () => {
  fc.assert(
    fc.property(side, side, stones, fc.nat(SYMMETRY_COUNT - 1), (width, height, placed, symmetry) => {
      const board = new Board(width, height);
      const image = symmetry & 4 ? new Board(height, width) : new Board(width, height);
      for (const [x, y, color] of placed.filter(([x, y]) => x < width && y < height)) {
        board.place(y * width + x, color);
        image.place(mapPoint(symmetry, y * width + x, width, height), color);
      }
      const [a, b] = [positionHashes(board, BLACK), positionHashes(image, BLACK)];
      expect(b.symHash).toBe(a.symHash);
      const same = board.width === image.width && board.stones.every((stone, p) => stone === image.stones[p]);
      expect(b.thisHash === a.thisHash).toBe(same);
      expect(a.thisHash >= a.symHash).toBe(true);
    }),
  );
});

test('side to move, size and ko tell positions apart', () => {
  const ko = new Board(5, 5);
  for (const [p, color] of [
    [1, BLACK],
    [2, WHITE],
    [5, BLACK],
    [11, BLACK],
    [8, WHITE],
    [12, WHITE],
    [6, WHITE],
  ] as const)
    ko.place(p, color);
  ko.play(7, BLACK);
  expect(ko.koPoint).toBe(6);
  const noKo = new Board(5, 5);
  for (const [p, stone] of ko.stones.entries()) noKo.place(p, stone as 0 | 1 | 2);
  const hashes = [
    positionHashes(ko, WHITE),
    positionHashes(noKo, WHITE),
    positionHashes(noKo, BLACK),
    positionHashes(new Board(5, 5), BLACK),
    positionHashes(new Board(5, 6), BLACK),
  ];
  expect(new Set(hashes.map(({ symHash }) => symHash)).size).toBe(hashes.length);
  expect(hashes[0].thisHash).toMatch(/^[0-9A-F]{16}$/);
});
