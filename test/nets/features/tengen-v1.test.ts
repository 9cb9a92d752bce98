/** What the feature set tengen-v1 shows of a position, plane by plane. */
import { expect, test } from 'vitest';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { makeRules, RULE_PRESETS } from '#engine/go/rules.ts';
import { TENGEN_V1 } from '#nets/features/tengen-v1.ts';
import { positionOf } from '../../engine/go/diagram.ts';
import { played } from '../../engine/search/helpers.ts';
import { encode, picture as pictureOf, pointsOf } from './encode.ts';

const [ON_BOARD, OWN, OPPONENT, ONE_LIBERTY, TWO_LIBERTIES, THREE_LIBERTIES, KO, LAST] = [
  0, 1, 2, 3, 4, 5, 6, 7,
];
const [LADDER, LADDER_ATTACK] = [12, 13];

const picture = (position: Position, plane: number): string[] => pictureOf(TENGEN_V1, position, plane);
const points = (position: Position, plane: number): number[] => pointsOf(TENGEN_V1, position, plane);

test('stones are shown as own and the opponent’s, and chains by their liberties up to three', () => {
  const diagram = `
    X O . . .
    . . . X .
    . X . X .
    . X . . .
    O . O . .`;
  for (const [toPlay, own, other] of [
    [BLACK, OWN, OPPONENT],
    [WHITE, OPPONENT, OWN],
  ] as const) {
    const position = positionOf(diagram, RULE_PRESETS.chinese, toPlay);
    expect(picture(position, own)).toEqual(['#....', '...#.', '.#.#.', '.#...', '.....']);
    expect(picture(position, other)).toEqual(['.#...', '.....', '.....', '.....', '#.#..']);
    expect(picture(position, ONE_LIBERTY)).toEqual(['#....', '.....', '.....', '.....', '.....']);
    expect(picture(position, TWO_LIBERTIES)).toEqual(['.#...', '.....', '.....', '.....', '#....']);
    expect(picture(position, THREE_LIBERTIES)).toEqual(['.....', '.....', '.....', '.....', '..#..']);
  }
});

test('the board itself is shown, so that a smaller one in the corner of a buffer has an edge', () => {
  const { planes } = encode(TENGEN_V1, positionOf('. .\n. .\n. .'), 0, 4);
  const mask = Array.from({ length: 12 }, (_, p) => planes[p * TENGEN_V1.planes + ON_BOARD]);
  expect(mask).toEqual([1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0]);
});

test.each([
  ['chinese', [6]],
  ['aga', [6]],
  // Where suicide is allowed, that of a single stone repeats the position.
  ['tromp-taylor', [0, 6, 19]],
] as const)(
  'the points that ko or superko bans are shown under %s rules, and suicide that the rules ban is not',
  (rules, banned) => {
    const before = positionOf(
      `
      . X O . .
      X O . O .
      . X O . X
      . . . X .`,
      RULE_PRESETS[rules],
    );
    expect(points(before, KO)).toEqual([]);
    const after = played(before, 7);
    expect(after.board.stones[6]).toBe(0);
    expect(points(after, KO)).toEqual(banned);
    expect(after.board.isSuicide(19, WHITE)).toBe(true);
  },
);

test('the last five moves have a plane each, and passes are left to the globals', () => {
  const start = Position.start({ width: 3, height: 3, rules: RULE_PRESETS.chinese });
  const position = played(start, 0, 1, 2, 9, 4, 9);
  expect([0, 1, 2, 3, 4].map((ply) => points(position, LAST + ply))).toEqual([[], [4], [], [2], [1]]);
  expect([...encode(TENGEN_V1, position).globals.subarray(0, 2)]).toEqual([1, 0]);
  expect([...encode(TENGEN_V1, played(position, 8)).globals.subarray(0, 2)]).toEqual([0, 1]);
});

test('a chain that falls to a ladder is shown to both sides, the move that starts it to the attacker', () => {
  const diagram = `
    . . . . . . .
    . . X X . . .
    . X O . . . .
    . . . . . . .
    . . . . . . .
    . . . . . . .
    . . . . . . .`;
  const attacker = positionOf(diagram, RULE_PRESETS.chinese, BLACK);
  expect([points(attacker, LADDER), points(attacker, LADDER_ATTACK)]).toEqual([[16], [23]]);
  const defender = positionOf(diagram, RULE_PRESETS.chinese, WHITE);
  expect([points(defender, LADDER), points(defender, LADDER_ATTACK)]).toEqual([[16], []]);
});

test('komi is told from the side to move, and the rules from nobody’s', () => {
  const globals = (rules: Parameters<typeof positionOf>[1], toPlay: 1 | 2): number[] => [
    ...encode(TENGEN_V1, positionOf('. .\n. .', rules, toPlay)).globals.subarray(2),
  ];
  const chinese = makeRules('chinese', { komi: 5 });
  expect(globals(chinese, BLACK)).toEqual([-0.25, 0, 0, 0]);
  expect(globals(chinese, WHITE)).toEqual([0.25, 0, 0, 0]);
  expect(globals(makeRules('tromp-taylor', { komi: 5 }), WHITE)).toEqual([0.25, 1, 1, 0]);
  expect(globals(makeRules('japanese', { komi: 5 }), WHITE)).toEqual([0.25, 0, 0, 1]);
  // On four points 24 of komi decide as much as 100.
  expect(globals(makeRules('chinese', { komi: 100 }), WHITE)[0]).toBeCloseTo(24 / 20);
});
