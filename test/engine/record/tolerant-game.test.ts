/** Moves against the rules, and stones with which Black begins. */
import { expect, test } from 'vitest';
import { BLACK, WHITE, type Color } from '#engine/go/color.ts';
import { makeRules } from '#engine/go/rules.ts';
import { startOf, type GameMoves } from '#engine/record/game-record.ts';
import { freeHandicap, playTolerantly, withHandicap } from '#engine/record/tolerant-game.ts';

function gameOf(width: number, moves: readonly (readonly [Color, number])[]): GameMoves {
  return {
    width,
    height: width,
    rules: makeRules('tromp-taylor'),
    handicap: 0,
    setup: { black: [], white: [] },
    toPlay: BLACK,
    moves: moves.map(([color, move]) => ({ color, move })),
  };
}

test.each([
  ['one stone is none', [0], 0],
  ['a pass ends it', [0, 1, 9, 2], 2],
  ['a point twice ends it', [0, 1, 0], 2],
  ['a stone on the last empty point is none', [0, 1, 2, 3, 4, 5, 6, 7, 8], 8],
])("of Black's first moves in a row %s", (_, moves, stones) => {
  const game = gameOf(
    3,
    moves.map((move) => [BLACK, move]),
  );
  expect(freeHandicap(game)).toBe(stones);
  expect(startOf(withHandicap(game, stones)).handicap).toBe(stones);
});

test("White's moves first, and stones that are set up, leave no handicap", () => {
  const moves: [Color, number][] = [
    [WHITE, 0],
    [BLACK, 1],
    [BLACK, 2],
  ];
  expect(freeHandicap(gameOf(3, moves))).toBe(0);
  expect(freeHandicap({ ...gameOf(3, moves.slice(1)), setup: { black: [8], white: [] } })).toBe(0);
});

test.each([
  ['two stones of White one after the other', [0, 1], 0],
  ['a pass and a stone', [9, 1], 2],
  ['a stone and a pass', [0, 9], 2],
])('after stones of Black %s, %j, leave a handicap of %i', (_, white, stones) => {
  const moves: [Color, number][] = [
    [BLACK, 7],
    [BLACK, 8],
    ...white.map((move): [Color, number] => [WHITE, move]),
    [BLACK, 4],
  ];
  expect(freeHandicap(gameOf(3, moves))).toBe(stones);
});

test('the suicide of a single stone is no move where superko forbids it either', () => {
  // Black's stone in the corner of a 2x2 board would have no liberties, between two of White's that have one.
  const position = startOf({ ...gameOf(2, []), setup: { black: [], white: [1, 2] } });
  expect(position.legality(0)).toBe('superko');
  expect(playTolerantly(position, 0, BLACK)).toBeNull();
});
