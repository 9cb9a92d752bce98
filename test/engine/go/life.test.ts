/** Unconditional life, by Benson's examples. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Board } from '#engine/go/board.ts';
import { BLACK } from '#engine/go/color.ts';
import { passAliveArea } from '#engine/go/life.ts';
import { playout } from '#engine/go/playout.ts';
import { makeRng } from '#engine/go/random.ts';
import { positionOf } from './diagram.ts';
import { naiveLife } from './naive.ts';

const alive = (text: string, suicide = false): string =>
  Array.from(passAliveArea(positionOf(text).board, suicide), (owner) =>
    owner === 1 ? 'b' : owner === -1 ? 'w' : '-',
  ).join('');

test('a corner chain with two one-point eyes is pass-alive, eyes included', () => {
  expect(
    alive(`
    . X . X .
    X X X X .
    . . . . .`),
  ).toBe('bbbb-bbbb------');
});

test('an eye that holds a stone is no eye where suicide is legal, because the stone can take itself off', () => {
  // Black cannot reach the corner stone; once it is gone, White has a point there that Black has no liberty on.
  const text = `
    O . X . X
    . O X X X
    X X X . .
    . . . . .`;
  expect(alive(text)).toBe('bbbbbbbbbbbbb-------');
  expect(alive(text, true)).toBe('-'.repeat(20));
});

test('one eye is not life', () => {
  expect(alive(`. X . .\nX X . .\n. . . .\n. . . .`)).toBe('-'.repeat(16));
});

test('two chains that share two eyes live together, and die together when one eye goes', () => {
  expect(
    alive(`
    X X . X X
    . X X X .
    X X . O O`).slice(0, 10),
  ).toBe('bbbbbbbbbb');
  expect(alive(`X . X .\n. O . .\n. . . .`)).toBe('-'.repeat(12));
});

test('an opponent inside a region that is vital to the chain cannot live there', () => {
  expect(
    alive(`
    . O X . X
    X X X X X
    . . . . .`).slice(0, 10),
  ).toBe('b'.repeat(10));
});

test('at the ends of random games life is what the algorithm finds with sets, in whatever order boards are read', () => {
  let alive = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 9 }),
      fc.integer({ min: 2, max: 9 }),
      fc.integer(),
      fc.boolean(),
      (width, height, seed, suicide) => {
        const board = new Board(width, height);
        playout(board, BLACK, makeRng(seed));
        const expected = new Int8Array(board.area);
        for (const [color, sign] of [
          [1, 1],
          [2, -1],
        ]) {
          const life = naiveLife([...board.stones], color, suicide, width, height);
          for (const p of life.alive) expected[p] += sign;
          for (const { points, isSafe, vitalChains } of life.regions)
            if (isSafe && vitalChains > 0) for (const p of points) expected[p] += sign;
        }
        expect(passAliveArea(board, suicide)).toEqual(expected);
        alive += expected.filter((sign) => sign !== 0).length;
      },
    ),
    { numRuns: 200 },
  );
  expect(alive).toBeGreaterThan(1000);
});
