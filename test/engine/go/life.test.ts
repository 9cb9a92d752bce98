import { expect, test } from 'vitest';
import { passAliveArea } from '#engine/go/life.ts';
import { LadderReader } from '#engine/go/ladder.ts';
import { pointOf, positionOf } from './diagram.ts';

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
