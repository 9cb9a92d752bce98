import { expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { makeRules } from '#engine/go/rules.ts';
import { parseDiagram } from '#engine/record/diagram.ts';
import { deadStones } from '#selfplay/dead-stones.ts';

function dead(diagram: string): number[] {
  const { width, height, stones } = parseDiagram(diagram);
  const of = (color: number): number[] => [...stones.keys()].filter((p) => stones[p] === color);
  const setup = { black: of(1), white: of(2) };
  return deadStones(Position.start({ width, height, rules: makeRules('chinese'), setup }), makeRng(1));
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
