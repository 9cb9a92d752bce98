/** Ladders read to their end. */
import { expect, test } from 'vitest';
import { LadderReader } from '#engine/go/ladder.ts';
import { pointOf, positionOf } from './diagram.ts';

test('a chain with more than two liberties is never in a ladder', () => {
  const text = `
    . . X . .
    . X O . .
    . . . . .
    . . . . .`;
  expect(positionOf(text).board.liberties(7)).toBe(2);
  expect(new LadderReader(positionOf(text.replace('X O', '. O')).board).isCaptured(7)).toBe(false);
});

test('the classic ladder works from one side only, and a breaker saves the chain', () => {
  const text = `
    . . . . . . .
    . . X X . . .
    . X O a . . .
    . . b . . . .
    . . . . . . .
    . . . . . . .
    . . . . . . .`;
  const { board } = positionOf(text);
  const stone = pointOf(text, 'O');
  expect(new LadderReader(board).isCaptured(stone)).toBe(true);
  expect(new LadderReader(board).attackMoves(stone)).toEqual([pointOf(text, 'b')]);
  const broken = text.replace(
    '. . . . . . .\n    . . . . . . .\n    . . . . . . .',
    '. . . . . . .\n    . . . . O . .\n    . . . . . . .',
  );
  expect(broken).not.toBe(text);
  expect(new LadderReader(positionOf(broken).board).isCaptured(stone)).toBe(false);
});

test('a stone in atari that can capture its attacker is not in a ladder, and the board is left as it was', () => {
  const text = `
    . . . . .
    . O X . .
    O X O X .
    . b . X .
    . . . . .`;
  const { board } = positionOf(text);
  const before = [...board.stones];
  expect(board.liberties(12)).toBe(1);
  // White takes the stone on the left at b, unless that stone has a second liberty.
  expect(new LadderReader(board).isCaptured(12)).toBe(false);
  expect(new LadderReader(positionOf(text.replace('O X . .', '. X . .')).board).isCaptured(12)).toBe(true);
  expect([...board.stones]).toEqual(before);
});
