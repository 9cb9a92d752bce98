/** Root moves that are equal by symmetry, and evaluations averaged over symmetries. */
import { expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { immediateEvaluator } from '#engine/search/evaluator.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { drawSymmetries, evaluateRoot } from '#engine/search/root-evaluation.ts';
import { distinctMoves, symmetriesOf } from '#engine/search/root-symmetry.ts';
import { Search } from '#engine/search/search.ts';
import { makeRng } from '#engine/go/random.ts';
import { hashEvaluator, played } from './helpers.ts';

const square = Position.start({ width: 5, height: 5, rules: makeRules('chinese') });
const oblong = Position.start({ width: 4, height: 5, rules: makeRules('chinese') });
const moves = (position: Position): number[] => distinctMoves(position, position.legalMoves());

test('of the moves on an empty square board a triangle is left, on an oblong one a quarter', () => {
  expect(moves(square)).toEqual([0, 1, 2, 6, 7, 12, 25]);
  expect(moves(oblong)).toEqual([0, 1, 4, 5, 8, 9, 20]);
});

test('a stone on the axis leaves one mirror image, a stone elsewhere none', () => {
  expect(symmetriesOf(played(square, 12))).toHaveLength(7);
  expect(symmetriesOf(played(square, 2))).toHaveLength(1);
  expect(symmetriesOf(played(square, 1))).toEqual([]);
  expect(moves(played(square, 1))).toHaveLength(25);
});

test('under superko a past that is not symmetric leaves no symmetry', () => {
  const superko = Position.start({ width: 5, height: 5, rules: makeRules('aga') });
  // Black takes White's two stones on either side; what is left is symmetric, how it came about is not.
  const diagram = [25, 0, 5, 4, 9, 25, 1, 25, 3, 25, 6, 25, 8, 25, 10, 25, 14];
  const after = (start: Position): Position => played(start, ...diagram);
  expect(symmetriesOf(after(square))).toHaveLength(1);
  expect(symmetriesOf(after(superko))).toEqual([]);
});

test('a search looks at one of equal moves only, unless it is told not to', async () => {
  const visited = async (rootSymmetryPruning: boolean): Promise<number[]> => {
    const parameters = { ...NET_SEARCH, rootSymmetryPruning, rootFpuReduction: 0, cPuct: 20 };
    const result = await new Search(hashEvaluator(8), parameters).search(square, { visits: 300 }, 1);
    return result.moves.map(({ move }) => move).sort((a, b) => a - b);
  };
  expect(await visited(true)).toEqual([0, 1, 2, 6, 7, 12]);
  expect(await visited(false)).toHaveLength(25);
});

test('the mean over symmetries is one of probabilities, values and scores, deviations between them included', async () => {
  const evaluator = immediateEvaluator(2, (_, symmetry) => ({
    policyLogits: new Float32Array(26).fill(0).with(0, symmetry === 0 ? Math.log(25) : -Infinity),
    valueToPlay: symmetry === 0 ? 0.5 : -0.1,
    scoreToPlay: symmetry === 0 ? 6 : 2,
    scoreStdev: 3,
    ownershipToPlay: new Float32Array(25).fill(symmetry === 0 ? 1 : 0),
  }));
  const mean = await evaluateRoot(evaluator, square, [0, 1]);
  expect(mean.valueToPlay).toBeCloseTo(0.2, 6);
  expect(mean.scoreToPlay).toBeCloseTo(4, 6);
  expect(mean.scoreStdev).toBeCloseTo(Math.sqrt(9 + 4), 6);
  expect(mean.ownershipToPlay?.[3]).toBeCloseTo(0.5, 6);
  const weights = mean.policyLogits.map((logit) => Math.exp(logit));
  // Half of 25 / 50 and of 0; half of 1 / 50 and of 1 / 25.
  expect(weights[0]).toBeCloseTo(0.25, 5);
  expect(weights[1]).toBeCloseTo(0.03, 5);
});

test('symmetries drawn for a root differ', () => {
  for (let count = 1; count <= 8; count++)
    expect(new Set(drawSymmetries(count, true, makeRng(count))).size).toBe(count);
  expect(drawSymmetries(3, false, makeRng(1))).toEqual([0, 1, 2]);
});
