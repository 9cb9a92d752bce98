/** What the feature set katago-v7 shows of a position, plane by plane. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLACK, WHITE } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS, makeRules } from '#engine/go/rules.ts';
import type { Rules } from '#engine/go/rules.ts';
import type { FeatureSet } from '#nets/features/feature-set.ts';
import { KATAGO_V7, KATAGO_V7_SUICIDE } from '#nets/features/katago-v7.ts';
import { positionOf } from '../../engine/go/diagram.ts';
import { played } from '../../engine/search/helpers.ts';
import { randomPosition } from '../random-positions.ts';
import { encode, picture, pointsOf } from './encode.ts';

const points = (position: Position, plane: number): number[] => pointsOf(KATAGO_V7, position, plane);
const globals = (position: Position): number[] => [...encode(KATAGO_V7, position).globals];

/** Globals with the given ones set and all others 0. */
const withGlobals = (set: Record<number, number>): number[] =>
  Array.from({ length: 19 }, (_, i) => set[i] ?? 0);

const start = (width: number, height: number, rules: Rules, toPlay: Color = BLACK): Position =>
  Position.start({ width, height, rules, toPlay });

test('two worked examples of globals', () => {
  expect(globals(start(9, 9, makeRules('chinese', { komi: 7.5 })))).toEqual(
    withGlobals({ 5: -0.375, 18: -0.5 }),
  );
  expect(globals(start(7, 10, makeRules('new-zealand', { komi: 7.5 }), WHITE))).toEqual(
    withGlobals({ 5: 0.375, 6: 1, 7: -0.5, 8: 1, 18: -0.5 }),
  );
});

test('a worked example of planes: two moves into a game', () => {
  const position = played(start(9, 9, RULE_PRESETS.chinese), 6 * 9 + 2, 3 * 9 + 2);
  const shown = Array.from({ length: 21 }, (_, i) => points(position, i + 1));
  const expected = Array.from({ length: 21 }, (): number[] => []);
  // Own stones, the move before the last, own area; the same of the opponent.
  for (const plane of [1, 10, 18]) expected[plane - 1] = [56];
  for (const plane of [2, 9, 19]) expected[plane - 1] = [29];
  expect(shown).toEqual(expected);
  expect(points(position, 0)).toHaveLength(81);
});

test('rules are told, and komi with its handicap bonus to the side that moves', () => {
  expect(globals(start(9, 9, makeRules('japanese', { komi: 5 }), WHITE))).toEqual(
    withGlobals({ 5: 0.25, 9: 1, 10: 1 }),
  );
  const taxed = makeRules('tromp-taylor', { tax: 'all', komi: 5 });
  expect(globals(start(4, 4, taxed, WHITE))).toEqual(
    withGlobals({ 5: 0.25, 6: 1, 7: 0.5, 8: 1, 10: 1, 11: 1 }),
  );
  const handicap = Position.start({
    width: 9,
    height: 9,
    rules: makeRules('chinese', { komi: 0 }),
    handicapStones: [20, 60, 24],
  });
  expect(globals(handicap)[5]).toBeCloseTo(3 / 20);
  // Four stones of Black, one of them taken, to three of White: one point more for White under territory scoring.
  const taken = Position.start({
    width: 9,
    height: 9,
    rules: makeRules('japanese', { komi: 6.5 }),
    setup: { black: [0, 40, 41, 42], white: [1, 80] },
    toPlay: WHITE,
  }).play(9);
  expect(taken.ok && globals(taken.position)[5]).toBeCloseTo(-(6.5 + 4 - 3) / 20);
  // On four points 24 of komi decide as much as 100.
  expect(globals(start(2, 2, makeRules('chinese', { komi: 100 })))[5]).toBeCloseTo(-24 / 20);
});

test.each([
  [6, 0],
  [6.25, -0.25],
  [6.5, -0.5],
  [6.75, -0.25],
  [7, 0],
  [7.5, 0.5],
  [8, 0],
])(
  'on 9x9, where odd komi can end in a draw, White’s komi %f lies at %f of the parity wave',
  (komi, wave) => {
    expect(globals(start(9, 9, makeRules('chinese', { komi }), WHITE))[18]).toBeCloseTo(wave);
  },
);

test('the last five turns have a plane for a move and a global for a pass each, and one pass ends the game', () => {
  const position = played(start(3, 3, RULE_PRESETS.chinese), 0, 1, 2, 9, 4, 9);
  expect([9, 10, 11, 12, 13].map((plane) => points(position, plane))).toEqual([[], [4], [], [2], [1]]);
  const { chinese } = RULE_PRESETS;
  expect(globals(position).slice(0, 5)).toEqual([1, 0, 1, 0, 0]);
  expect(globals(position)[14]).toBe(1);
  const over = played(start(3, 3, chinese), 0, 1, 9, 9);
  expect(globals(over).slice(0, 5)).toEqual([1, 0, 0, 0, 0]);
  expect([9, 10, 11, 12, 13].flatMap((plane) => points(over, plane))).toEqual([]);
  expect(globals(played(position, 8))[14]).toBe(0);
});

test('history ends where a player moved twice in a row, or a game was taken up again', () => {
  const first = played(start(3, 3, RULE_PRESETS.chinese), 0);
  const twice = first.play(2, BLACK);
  if (!twice.ok) throw new Error(twice.reason);
  const third = played(twice.position, 4);
  expect([9, 10, 11].map((plane) => points(third, plane))).toEqual([[4], [2], []]);
  const resumed = played(third, 9, 9).resume();
  expect([9, 10, 11].flatMap((plane) => points(resumed, plane))).toEqual([]);
  expect(globals(resumed).slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
  expect([9, 10].map((plane) => points(played(resumed, 8), plane))).toEqual([[8], []]);
});

test.each(['chinese', 'aga', 'tromp-taylor'] as const)(
  'the points that ko or superko bans are shown under %s rules, but no suicide, which bans itself',
  (rules) => {
    const before = positionOf(
      `
      . X O . .
      X O . O .
      . X O . X
      . . . X .`,
      RULE_PRESETS[rules],
    );
    expect(points(before, 6)).toEqual([]);
    const after = played(before, 7);
    expect(after.board.stones[6]).toBe(0);
    expect(points(after, 6)).toEqual([6]);
  },
);

test('superko bans a board long after it stood there, and simple ko does not', () => {
  const text = `
    . X O . .
    X . X O .
    . X O . .
    . . . . .`;
  for (const [ko, banned] of [
    ['simple', []],
    ['positional', [7]],
    ['situational', [7]],
  ] as const) {
    const taken = played(positionOf(text, makeRules('chinese', { ko }), WHITE), 6);
    expect(taken.board.stones[7]).toBe(0);
    expect(points(taken, 6)).toEqual([7]);
    expect(points(played(taken, 20, 20).resume(BLACK), 6)).toEqual(banned);
    // With a stone more on each side the board is a new one.
    expect(points(played(taken, 15, 19), 6)).toEqual([]);
  }
});

test('along random games the banned points are those that only repetition forbids', () => {
  let banned = 0;
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(RULE_PRESETS)), fc.integer(), (rules, seed) => {
      const position = randomPosition(seed, 3, 3, rules, 60);
      const isSingle = (p: number): boolean =>
        ![...position.board.neighbors.subarray(4 * p, 4 * p + 4)].some(
          (q) => q >= 0 && position.board.stones[q] === position.toPlay,
        );
      const expected = Array.from({ length: 9 }, (_, p) => p).filter((p) => {
        const reason = position.legality(p);
        const isSuicide = reason === 'superko' && position.board.isSuicide(p, position.toPlay);
        return reason === 'ko' || (reason === 'superko' && !(isSuicide && isSingle(p)));
      });
      expect(points(position, 6)).toEqual(expected);
      banned += expected.length;
    }),
    { numRuns: 300 },
  );
  expect(banned).toBeGreaterThan(10);
});

const LADDER = `
    . . . . . . .
    . . X X . . .
    . X O . . . .
    . . . . . . .
    . . . . . . .
    . . . . . . .
    . . . . . . .`;

test('a chain that falls to a ladder is shown to both sides, the move that starts it to the attacker', () => {
  const attacker = positionOf(LADDER, RULE_PRESETS.chinese, BLACK);
  expect([points(attacker, 14), points(attacker, 17)]).toEqual([[16], [23]]);
  const defender = positionOf(LADDER, RULE_PRESETS.chinese, WHITE);
  expect([points(defender, 14), points(defender, 17)]).toEqual([[16], []]);
});

test('the ladders of one and two moves ago have planes of their own, and where history ends the newer stand in', () => {
  const setup = positionOf(LADDER, RULE_PRESETS.chinese, WHITE);
  expect([14, 15, 16].map((plane) => points(setup, plane))).toEqual([[16], [16], [16]]);
  // A breaker on the way, and then a move elsewhere.
  const broken = played(setup, 40);
  expect([14, 15, 16].map((plane) => points(broken, plane))).toEqual([[], [16], [16]]);
  const later = played(broken, 29);
  expect([14, 15, 16].map((plane) => points(later, plane))).toEqual([[], [], [16]]);
  expect([14, 15, 16].map((plane) => points(played(later, 36), plane))).toEqual([[], [], []]);
});

test('area is shown under area rules only, and taxed where the rules tax it', () => {
  const text = `
    . X . O .
    X X . O O
    . X X O .`;
  const area = (rules: Rules, toPlay: Color): string[][] =>
    [18, 19].map((plane) => picture(KATAGO_V7, positionOf(text, rules, toPlay), plane));
  const [black, white] = [
    ['##...', '##...', '###..'],
    ['...##', '...##', '...##'],
  ];
  expect(area(RULE_PRESETS.chinese, BLACK)).toEqual([black, white]);
  expect(area(RULE_PRESETS.chinese, WHITE)).toEqual([white, black]);
  expect(area(makeRules('chinese', { tax: 'seki' }), BLACK)).toEqual([
    ['.#...', '##...', '.##..'],
    ['...#.', '...##', '...#.'],
  ]);
  expect(area(RULE_PRESETS.japanese, BLACK).flat().join('')).toBe('.'.repeat(30));
});

test('a net may see what is pass-alive as if suicide were legal, whatever the rules', () => {
  const text = `
    O . X . X
    . O X X X
    X X X . .
    . . . . .`;
  const opponentArea = (features: FeatureSet, suicide: boolean): number[] =>
    pointsOf(features, positionOf(text, makeRules('chinese', { suicide }), BLACK), 19);
  expect(opponentArea(KATAGO_V7, false)).toEqual([]);
  for (const features of [opponentArea(KATAGO_V7, true), opponentArea(KATAGO_V7_SUICIDE, false)])
    expect(features).toEqual([0, 6]);
});

test('planes of phases that are not played here stay empty', () => {
  const position = played(positionOf(LADDER, RULE_PRESETS.japanese, WHITE), 40, 6, 0);
  expect([7, 8, 20, 21].flatMap((plane) => points(position, plane))).toEqual([]);
});
