/** Dead stones from ownership, whether a net's or that of playouts. */
import { expect, test } from 'vitest';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { parseDiagram } from '#engine/record/diagram.ts';
import { deadStones } from '#engine/search/dead-stones.ts';
import { immediateEvaluator } from '#engine/search/evaluator.ts';
import { endOwnershipBlack } from '#engine/search/mean-ownership.ts';
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

test('where a game ends nobody has to move: a stone is its own as far as one turn says so, an empty point by the mean', async () => {
  const { width, height, stones } = parseDiagram(`
    X O
    . .`);
  const of = (color: number): number[] => [...stones.keys()].filter((p) => stones[p] === color);
  const setup = { black: of(1), white: of(2) };
  const position = Position.start({ width, height, rules: makeRules('chinese'), setup });
  // Who is to move loses its stone, and the left point below: for Black -0.5, -1, -1, 0 with Black to move.
  const evaluator = immediateEvaluator(8, ({ toPlay }) => ({
    policyLogits: new Float32Array(5),
    valueToPlay: 0,
    scoreToPlay: 0,
    scoreStdev: NaN,
    ownershipToPlay: Float32Array.from(toPlay === BLACK ? [-0.5, -1, -1, 0] : [-1, -0.5, 0, -1]),
  }));
  const expected = [1, -1, -0.5, 0.5];
  for (const asked of [position, position.resume(WHITE)])
    expect([...((await endOwnershipBlack(evaluator, asked, [0])) ?? [])]).toEqual(expected);
  const mute = immediateEvaluator(8, () => ({
    policyLogits: new Float32Array(5),
    valueToPlay: 0,
    scoreToPlay: 0,
    scoreStdev: NaN,
    ownershipToPlay: null,
  }));
  expect(await endOwnershipBlack(mute, position, [0])).toBeNull();
});
