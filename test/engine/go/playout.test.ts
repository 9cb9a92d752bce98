/** Eyes, and playouts that do not fill them. */
import { expect, test } from 'vitest';
import { Board } from '#engine/go/board.ts';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { isEye } from '#engine/go/eyes.ts';
import { playout } from '#engine/go/playout.ts';
import { makeRng } from '#engine/go/random.ts';
import { makeRules } from '#engine/go/rules.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import { pointOf, positionOf } from './diagram.ts';

test.each([
  [
    'a point of one colour in the middle with one enemy diagonal is an eye',
    '.....\n.OX..\n.XaX.\n..X..\n.....',
    true,
  ],
  ['with two enemy diagonals it is false', '.....\n.OXO.\n.XaX.\n..X..\n.....', false],
  ['on the edge one enemy diagonal makes it false', 'XaX.\n.XO.\n....\n....', false],
  ['a corner with both neighbours and no enemy diagonal is an eye', 'aX..\nX...\n....\n....', true],
  ['an empty neighbour means no eye', 'a...\nX...\n....\n....', false],
])('%s', (_title, diagram, expected) => {
  expect(isEye(positionOf(diagram).board, pointOf(diagram, 'a'), BLACK)).toBe(expected);
});

test('the same seed plays the same playout', () => {
  const play = (seed: number): unknown => {
    const board = new Board(9, 9);
    return [playout(board, BLACK, makeRng(seed)), ...board.stones];
  };
  expect(play(5)).toEqual(play(5));
  expect(play(5)).not.toEqual(play(6));
});

test('a playout ends with no move left but own eyes, and scores as area counting does', () => {
  const rules = makeRules('chinese', { komi: 0 });
  for (const [width, height] of [
    [5, 5],
    [7, 4],
    [9, 9],
    [25, 3],
  ])
    for (let seed = 0; seed < 50; seed++) {
      const board = new Board(width, height);
      const score = playout(board, seed % 2 === 0 ? BLACK : WHITE, makeRng(seed));
      for (let p = 0; p < board.area; p++)
        for (const color of [BLACK, WHITE] as const)
          if (board.isLegal(p, color, false)) expect(isEye(board, p, color)).toBe(true);
      const view = { board, rules, handicap: 0, toPlay: BLACK, moveNumber: 0, consecutivePasses: 2 } as const;
      const counted = scorePosition({
        ...view,
        isOver: true,
        recentMove: () => -1,
        boardBefore: () => null,
        isLegal: () => false,
        repeats: () => false,
      });
      expect(score).toBe(counted.scoreBlack);
    }
});

test('stones with two eyes are never lost in a playout', () => {
  const diagram = '.X.XO.\nXXXXO.\nOOOOO.\n......\n......\n......';
  for (let seed = 0; seed < 200; seed++) {
    const board = positionOf(diagram).board.clone();
    playout(board, WHITE, makeRng(seed));
    expect([board.stones[1], board.stones[6], board.stones[9]]).toEqual([BLACK, BLACK, BLACK]);
  }
});
