/** Area as it stands: what is proven, what only one colour borders, and what a tax on seki leaves. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { independentArea, standingArea } from '#engine/go/area.ts';
import { Board } from '#engine/go/board.ts';
import { BLACK, opponent } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { makeRng } from '#engine/go/random.ts';
import { positionOf } from './diagram.ts';
import { naiveLife } from './naive.ts';

function picture(count: typeof standingArea, text: string): string[] {
  const { board } = positionOf(text);
  const out = new Uint8Array(board.area);
  count(board, false, out);
  return Array.from({ length: board.height }, (_, y) =>
    Array.from(out.subarray(y * board.width, (y + 1) * board.width), (owner) => '.XO'[owner]).join(''),
  );
}

test('stones stand for their colour, empty regions for the one colour beside them, dame for nobody', () => {
  const text = `
    . X . O .
    . X . O .
    . X . O .`;
  expect(picture(standingArea, text)).toEqual(['XX.OO', 'XX.OO', 'XX.OO']);
  expect(picture(standingArea, '. . .\n. . .\n. . .')).toEqual(['...', '...', '...']);
});

test('stones in a pass-alive area with no room for two eyes are dead, others are not', () => {
  const text = `
    . X . O X .
    X X X X X X
    X X X X X X`;
  expect(picture(standingArea, text)).toEqual(['XXXXXX', 'XXXXXX', 'XXXXXX']);
  const roomy = `
    O O . O X .
    O . O . X X
    X X X X X .
    . X . X X X`;
  expect(picture(standingArea, roomy)).toEqual(['OOOOXX', 'O.O.XX', 'XXXXXX', 'XXXXXX']);
});

test('a tax on seki takes the empty points of groups that touch dame or have stones in atari, never stones', () => {
  const apart = `
    . X X O .
    X X X O O
    . X X O .`;
  expect(picture(independentArea, apart)).toEqual(['XXXOO', 'XXXOO', 'XXXOO']);
  const touching = `
    . X . O .
    X X . O O
    . X X O .`;
  expect(picture(independentArea, touching)).toEqual(['.X.O.', 'XX.OO', '.XXO.']);
});

test('along random games the standing area follows from its definition', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 7 }),
      fc.integer({ min: 2, max: 7 }),
      fc.integer(),
      fc.boolean(),
      (width, height, seed, suicide) => {
        const rng = makeRng(seed);
        const board = new Board(width, height);
        let color: Color = BLACK;
        for (let ply = 0; ply < 3 * board.area; ply++, color = opponent(color)) {
          const move = rng.nextInt(board.area);
          if (board.isLegal(move, color, suicide)) board.play(move, color);
        }
        const stones = [...board.stones];
        const expected = new Uint8Array(board.area);
        const lives = [1, 2].map((of) => ({ of, ...naiveLife(stones, of, suicide, width, height) }));
        const touches = (p: number, of: number): boolean =>
          [...board.neighbors.subarray(4 * p, 4 * p + 4)].some((q) => q >= 0 && stones[q] === of);
        for (const { of, alive, regions } of lives) {
          for (const p of alive) expected[p] = of;
          for (const { points, isSafe } of regions) {
            const inside = [...points];
            const isEmpty = inside.every((p) => stones[p] === 0);
            const interior = inside.filter((p) => !touches(p, of)).length;
            if (isSafe && stones.includes(of) && (isEmpty || interior < 2))
              for (const p of inside) expected[p] = of;
          }
        }
        for (const { of, regions } of lives)
          for (const { points } of regions)
            if (stones.includes(of) && [...points].every((p) => stones[p] === 0))
              for (const p of points) expected[p] ||= of;
        stones.forEach((stone, p) => (expected[p] ||= stone));
        const out = new Uint8Array(board.area);
        standingArea(board, suicide, out);
        expect(out).toEqual(expected);
      },
    ),
    { numRuns: 200 },
  );
});
