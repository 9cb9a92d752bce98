/** What each option of `augmented` draws: that change and no other, as often and as far as it was asked for. */
import { mean, standardDeviation } from 'simple-statistics';
import { describe, expect, test } from 'vitest';
import { BLACK } from '#engine/go/color.ts';
import { makeRng } from '#engine/go/random.ts';
import { makeRules } from '#engine/go/rules.ts';
import { forgetHistory } from '#nets/features/edit-v7.ts';
import { BoardAugment, augmented } from '#training/augment/board-augment.ts';
import { addKomi, swapSides } from '#training/augment/komi.ts';
import { encodedPosition, withEdited } from '#training/augment/one-position.ts';
import { addSettledStone, cropToCorner } from '#training/augment/redraw.ts';
import type { Example } from '#training/example.ts';
import { exampleOf } from '#training/sampler.ts';
import { pointOf, positionOf } from '../../engine/go/diagram.ts';
import { exampleAt, gameOf } from './examples.ts';

const seeds = (count: number): number[] => Array.from({ length: count }, (_, seed) => seed);
const SEEDS = seeds(400);

/** All that an example is, to compare. */
function keyOf(example: Example): string {
  const { planes, globals } = encodedPosition(example);
  const { width, height } = example.positions;
  return JSON.stringify({ ...example, positions: [width, height, ...planes, ...globals], index: 0 });
}
const keysOf = (examples: readonly Example[]): Set<string> => new Set(examples.map(keyOf));

function drawn(example: Example, asked: object, from = SEEDS): Example[] {
  const augment = BoardAugment.parse({ symmetries: false, ...asked });
  return from.map((seed) => augmented(example, augment, makeRng(seed)));
}

/** A position in a game, with the moves before it, whose move is in all corners. */
const played = exampleOf(gameOf(4, 9, 60), 36, 0);

const SETTLED = `
  . X . X O a .
  X X X X O . .
  O O O O O . .
  . . . . . . .
  . . . . . . .
  O O O O O O O
  . O . O . O .
`;
const settled = exampleAt(
  positionOf(SETTLED, makeRules('chinese', { komi: 3 }), BLACK),
  pointOf(SETTLED, 'a'),
);

type Option = {
  readonly of: Example;
  /** All that may come of the example. */
  readonly outcomes: readonly Example[];
};
const SHARES: Readonly<Record<string, Option>> = {
  crop: { of: played, outcomes: SEEDS.map((seed) => cropToCorner(played, 7, makeRng(seed))) },
  settledStone: { of: settled, outcomes: SEEDS.map((seed) => addSettledStone(settled, makeRng(seed))) },
  swapSides: { of: played, outcomes: [swapSides(played)] },
  forgetHistory: { of: played, outcomes: [withEdited(played, forgetHistory)] },
};

describe.each(Object.entries(SHARES))('%s alone', (option, { of, outcomes }) => {
  const share = (examples: readonly Example[]): number =>
    examples.filter((example) => keyOf(example) !== keyOf(of)).length / examples.length;

  test('at 1 draws what it can make of a position, and nothing else', () => {
    expect(share(outcomes)).toBeGreaterThan(0.3);
    expect(keysOf(drawn(of, { [option]: 1 }))).toEqual(keysOf(outcomes));
  });

  test('at one half changes half as many positions', () => {
    const expected = 0.5 * share(outcomes);
    // Four deviations of the share of 400 draws are at most 0.1.
    expect(Math.abs(share(drawn(of, { [option]: 0.5 })) - expected)).toBeLessThan(0.1);
  });
});

test('symmetries alone draw all eight, of the same position', () => {
  const turned = Array.from({ length: 8 }, (_, symmetry) => ({ ...played, symmetry }));
  expect(keysOf(drawn(played, { symmetries: true }))).toEqual(keysOf(turned));
});

/** Points that a draw gave White. */
const pointsAdded = (before: Example, { scoreBlack }: Example): number =>
  (before.scoreBlack ?? NaN) - (scoreBlack ?? NaN);

test('komi alone adds whole points about 0 with the deviation asked for, and changes nothing else', () => {
  const draws = drawn(played, { komi: 4 }, seeds(2000));
  const points = draws.map((example) => pointsAdded(played, example));
  draws.forEach((example, i) => expect(keyOf(example)).toBe(keyOf(addKomi(played, points[i]))));
  expect(points.every(Number.isInteger)).toBe(true);
  // Rounding adds a variance of 1/12. Four standard errors of 2,000 draws: 0.36 of the mean, 0.26 of the deviation.
  expect(Math.abs(mean(points))).toBeLessThan(0.36);
  expect(Math.abs(standardDeviation(points) - Math.sqrt(4 ** 2 + 1 / 12))).toBeLessThan(0.26);
});

test('all together each do their part', () => {
  const draws = drawn(settled, { settledStone: 1, swapSides: 1, komi: 4 });
  const swapped = new Map(SHARES.settledStone.outcomes.map((one) => [keyOf(one), swapSides(one)]));
  const [before] = swapped.values();
  for (const example of draws) {
    const points = pointsAdded(before, example);
    expect(keysOf([...swapped.values()].map((one) => addKomi(one, points)))).toContain(keyOf(example));
  }
  expect(keysOf(draws).size).toBeGreaterThan(50);
});
