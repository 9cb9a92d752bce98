/** Unconditional life, by Benson's examples. */
import { expect, test } from 'vitest';
import { passAliveArea } from '#engine/go/life.ts';
import { positionOf } from './diagram.ts';

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
