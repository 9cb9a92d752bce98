/** Dead stones from ownership, whether a net's or that of playouts. */
import { expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { parseDiagram } from '#engine/record/diagram.ts';
import { deadStones } from '#engine/search/dead-stones.ts';
import { playOut } from '#engine/search/playout-evaluator.ts';

function dead(diagram: string): number[] {
  const { width, height, stones } = parseDiagram(diagram);
  const of = (color: number): number[] => [...stones.keys()].filter((p) => stones[p] === color);
  const setup = { black: of(1), white: of(2) };
  const position = Position.start({ width, height, rules: makeRules('chinese'), setup });
  return deadStones(position, playOut(position, 400, 1).ownershipBlack);
}

test('a stone inside a living group is dead, and nothing else is', () => {
  expect(
    dead(`
      . X . X O O .
      X X X X O . O
      . . . X O O .
      O . . X O . O
      . . X X O O O
      X X X O O . O
      . X O O . O .`),
  ).toEqual([21]);
});

test('groups with two eyes are alive however thin they are', () => {
  expect(
    dead(`
      . X O . O
      X X O O O
      . X O . .
      X X O O O
      . X O . .`),
  ).toEqual([]);
});

test('proof overrules opinion: a stone in pass-alive area is dead, and a pass-alive chain never is', () => {
  const { width, height, stones } = parseDiagram(`
    . X . X O
    X X X X .
    X O X . .
    X . X . .
    X X X . O`);
  const of = (color: number): number[] => [...stones.keys()].filter((p) => stones[p] === color);
  const setup = { black: of(1), white: of(2) };
  const position = Position.start({ width, height, rules: makeRules('japanese'), setup });
  const allWhite = new Float32Array(25).fill(-1);
  const allBlack = new Float32Array(25).fill(1);
  expect(deadStones(position, null)).toEqual([11]);
  expect(deadStones(position, allWhite)).toEqual([11]);
  expect(deadStones(position, allBlack)).toEqual([4, 11, 24]);
});
