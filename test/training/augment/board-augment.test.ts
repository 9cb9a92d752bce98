/** Positions drawn anew: each is what the changed game would have been encoded as, with what is then still known of it. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { BLACK, opponent } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { makeRules } from '#engine/go/rules.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { disposeBatch } from '#nets/batch.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import { forgetHistory } from '#nets/features/edit-v7.ts';
import { BoardAugment, augmented } from '#training/augment/board-augment.ts';
import { addKomi, exchangeColors, swapSides } from '#training/augment/komi.ts';
import { encodedPosition, withEdited } from '#training/augment/one-position.ts';
import { addSettledStone, cropToCorner } from '#training/augment/redraw.ts';
import { makeBatch } from '#training/example.ts';
import { exampleOf } from '#training/sampler.ts';
import { pointOf, positionOf } from '../../engine/go/diagram.ts';
import { exampleAt, gameOf, shown } from './examples.ts';

beforeAll(() => useBackend('cpu'));

const seeds = fc.nat(1000);
const plies = fc.nat(13);

test('added komi shows and teaches what the same game with that komi does', () => {
  fc.assert(
    fc.property(seeds, plies, fc.integer({ min: -9, max: 9 }), (seed, ply, points) => {
      const [game, other] = [6.5, 6.5 + points].map((komi) => gameOf(seed, 5, 12, komi));
      expect(shown(addKomi(exampleOf(game, ply, 0), points))).toEqual(shown(exampleOf(other, ply, 0)));
    }),
    { numRuns: 40 },
  );
});

test('a game that was not counted keeps its komi, because its winner would not be known', () => {
  const unknown = { ...exampleOf(gameOf(1, 5, 12), 3, 0), scoreBlack: null };
  expect(addKomi(unknown, 3)).toBe(unknown);
  expect(swapSides(unknown)).toBe(unknown);
  const { positions } = unknown;
  const territory = { ...positions, rules: { ...positions.rules, scoring: 'territory' as const } };
  const counted = { ...unknown, positions: territory, scoreBlack: 3 };
  expect(swapSides(counted)).toBe(counted);
  const example = exampleOf(gameOf(1, 5, 12), 3, 0);
  expect(addKomi(example, 40)).toBe(example);
});

test('colours exchanged together with the komi are shown and taught as before: policy, ownership, value and score', () => {
  fc.assert(
    fc.property(seeds, plies, (seed, ply) => {
      const example = exampleOf(gameOf(seed, 5, 12), ply, 0);
      const exchanged = exchangeColors(example);
      expect(exchanged.toPlay).toBe(opponent(example.toPlay));
      expect(shown(exchanged).map((values) => values.map((value) => value + 0))).toEqual(
        shown(example).map((values) => values.map((value) => value + 0)),
      );
    }),
    { numRuns: 40 },
  );
});

test("with White's komi left where it was, colours exchanged are the game in which White began", () => {
  fc.assert(
    fc.property(seeds, plies, (seed, ply) => {
      const [game, swapped] = [1, 2].map((first) => gameOf(seed, 5, 12, 6.5, first as Color));
      expect(swapped.toPlay[0]).toBe(2);
      expect(shown(swapSides(exampleOf(game, ply, 0)))).toEqual(shown(exampleOf(swapped, ply, 0)));
    }),
    { numRuns: 40 },
  );
});

test('a position whose history is forgotten is shown as if its stones had been set up', () => {
  fc.assert(
    fc.property(seeds, fc.nat(30), (seed, count) => {
      const rng = makeRng(seed);
      let position = Position.start({ width: 7, height: 7, rules: makeRules('chinese') });
      for (let ply = 0; ply < count; ply++) {
        const moves = position.legalMoves();
        const next = position.play(moves[rng.nextInt(moves.length - 1)]);
        if (next.ok) position = next.position;
      }
      fc.pre(position.board.koPoint < 0);
      const { board, rules, toPlay } = position;
      const of = (color: Color): number[] =>
        [...board.stones.keys()].filter((p) => board.stones[p] === color);
      const setup = { black: of(1), white: of(2) };
      const anew = Position.start({ width: 7, height: 7, rules, setup, toPlay });
      const forgotten = withEdited(exampleAt(position, 49), forgetHistory);
      expect(shown(forgotten)).toEqual(shown(exampleAt(anew, 49)));
    }),
    { numRuns: 60 },
  );
});

const WALLS = `
  . . X . . . .
  . . X O . . .
  . . X . O . .
  . X X O O O .
  X X O O . a .
  O O O . . . .
  . . . . b . .
`;

test('a corner is shown as a board of its own with its stones, move and owners, and no winner', () => {
  const position = positionOf(WALLS);
  const example = exampleAt(position, pointOf(WALLS, 'a'));
  const corners = Array.from({ length: 20 }, (_, seed) => cropToCorner(example, 5, makeRng(seed)));
  const [corner] = corners.filter((cropped) => cropped !== example);
  const expected = positionOf(`
    X . O . .
    X O O O .
    O O . a .
    O . . . .
    . . b . .
  `);
  const { planes } = encodedPosition(corner);
  expect(planes).toEqual(encodedPosition(exampleAt(expected, 13)).planes);
  expect(corner).toMatchObject({ policyMoves: [13], valueBlack: null, scoreBlack: null, symmetry: 0 });
  expect([...(corner.ownershipBlack ?? [])].slice(0, 5)).toEqual([1, 0, -1, 0, 0]);
  // The other corners do not hold the move, or would leave chains without liberties.
  expect(new Set(corners.map((cropped) => cropped.positions.width))).toEqual(new Set([5, 7]));
  const seed = corners.indexOf(corner);
  for (const [reply, place] of [
    [pointOf(WALLS, 'b'), 22],
    // On the board, and not in the corner.
    [0, null],
    [49, null],
    [null, null],
  ])
    expect(cropToCorner({ ...example, reply }, 5, makeRng(seed)).reply).toBe(place);
  const pass = exampleAt(position, 49);
  expect(cropToCorner(pass, 5, makeRng(1))).toBe(pass);
  expect(cropToCorner(example, 9, makeRng(1))).toBe(example);
});

test('a stone where life is settled is shown, and changes neither owners nor score', () => {
  const text = `
    . X . X O a .
    X X X X O . .
    O O O O O . .
    . . . . . . .
    . . . . . . .
    O O O O O O O
    . O . O . O .
  `;
  const position = positionOf(text, makeRules('chinese', { komi: 3 }), BLACK);
  const example = exampleAt(position, pointOf(text, 'a'));
  let changed = 0;
  for (let seed = 0; seed < 40; seed++) {
    const noisy = addSettledStone(example, makeRng(seed));
    if (noisy === example) continue;
    changed++;
    expect(noisy).toMatchObject({ valueBlack: example.valueBlack, scoreBlack: example.scoreBlack });
    const before = encodedPosition(example).planes;
    const stones = [...encodedPosition(noisy).planes].map((bits, p) => ((bits ^ before[p]) & 6) !== 0);
    expect(stones.filter((it) => it)).toHaveLength(1);
    expect(encodedPosition(noisy).globals).toEqual(encodedPosition(example).globals);
    // Nothing is filled that is needed for life: the black corner keeps both eyes.
    for (const eye of [0, 2]) expect(stones[eye]).toBe(false);
  }
  expect(changed).toBeGreaterThan(5);
  const open = exampleAt(Position.start({ width: 5, height: 5, rules: makeRules('chinese') }), 12);
  expect(addSettledStone(open, makeRng(1))).toBe(open);
});

test('what is not asked for draws nothing, and everything can be asked for at once', () => {
  const example = exampleOf(gameOf(4, 9, 60), 40, 0);
  const none = BoardAugment.parse({ symmetries: false });
  const rng = makeRng(1);
  expect(augmented(example, none, rng)).toEqual(example);
  expect(rng.nextFloat()).toBe(makeRng(1).nextFloat());
  const turned = Array.from({ length: 60 }, (_, seed) =>
    augmented(example, BoardAugment.parse({}), makeRng(seed)),
  );
  expect(new Set(turned.map(({ symmetry }) => symmetry)).size).toBe(8);
  const all = { crop: 0.5, settledStone: 0.5, swapSides: 0.5, komi: 4, forgetHistory: 0.5 };
  const drawn = Array.from({ length: 60 }, (_, seed) =>
    augmented(example, BoardAugment.parse(all), makeRng(seed)),
  );
  const sizes = new Set(drawn.map(({ positions }) => positions.width));
  expect(sizes).toEqual(new Set([7, 9]));
  expect(new Set(drawn.map(({ toPlay }) => toPlay)).size).toBe(2);
  const batch = makeBatch(drawn);
  expect(batch.planes.shape).toEqual([60, 9, 9, OWN_FEATURES.planes]);
  disposeBatch(batch);
});
