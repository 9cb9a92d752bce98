/** Gumbel AlphaZero: its schedule, its root and the policy it improves. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLACK } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { immediateEvaluator } from '#engine/search/evaluator.ts';
import { sequentialHalving } from '#engine/search/gumbel-root.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import type { SearchParameters } from '#engine/search/parameters.ts';
import { Search } from '#engine/search/search.ts';
import { hashEvaluator } from './helpers.ts';

const GUMBEL: SearchParameters = { ...NET_SEARCH, algorithm: 'gumbel', rootSymmetryPruning: false };
const empty = Position.start({ width: 5, height: 5, rules: makeRules('chinese', { komi: 0.5 }) });
const search = (parameters: Partial<SearchParameters>, visits: number, seed = 1) =>
  new Search(hashEvaluator(8), { ...GUMBEL, ...parameters }).search(empty, { visits }, seed);

describe('sequential halving', () => {
  test('gives each phase equal shares of the simulations (worked out by hand)', () => {
    expect(sequentialHalving(4, 16)).toEqual([4, 4, 2, 2, 2, 2]);
    expect(sequentialHalving(16, 16)).toEqual([16]);
    expect(sequentialHalving(16, 64)).toEqual([16, 8, 8, 4, 4, 4, 4, 2, 2, 2, 2, 2, 2, 2, 2]);
    expect(sequentialHalving(1, 3)).toEqual([1, 1, 1]);
  });

  test('never widens, and uses all simulations but less than one round more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 500 }),
        (actions, simulations) => {
          const widths = sequentialHalving(actions, simulations);
          expect(widths[0]).toBe(actions);
          expect(widths).toEqual(widths.toSorted((a, b) => b - a));
          const used = widths.reduce((a, b) => a + b);
          expect(used).toBeGreaterThanOrEqual(simulations);
          expect(used - (widths.at(-1) ?? 0)).toBeLessThan(simulations);
        },
      ),
    );
  });
});

/** Too little to change an order, and enough for the paper's rules. */
const SCARCELY = { gumbelNoise: 1e-9 };

test('with hardly any noise the moves considered are the likeliest, and no others are searched', async () => {
  const { moves, policy } = await search({ ...SCARCELY, gumbelActions: 4 }, 21);
  const likeliest = [...policy.keys()].sort((a, b) => policy[b] - policy[a]).slice(0, 4);
  expect(moves.map(({ move }) => move).sort((a, b) => a - b)).toEqual(likeliest.sort((a, b) => a - b));
  // Ten simulations a phase: four moves have two visits each, and the better two six more.
  expect(moves.map(({ edgeVisits }) => edgeVisits).sort((a, b) => a - b)).toEqual([2, 2, 8, 8]);
});

test('without noise other moves come in where the likeliest turn out bad, and one visit more does not decide', async () => {
  // Black is to move; whatever stands after one of the two likeliest moves is lost.
  const bad = [7, 12];
  const evaluator = immediateEvaluator(8, ({ board, toPlay }) => {
    const isLost = bad.some((p) => board.stones[p] === BLACK);
    const policyLogits = new Float32Array(26);
    for (const p of bad) policyLogits[p] = 2;
    const value = isLost ? -0.9 : 0.1;
    return {
      policyLogits,
      valueToPlay: toPlay === BLACK ? value : -value,
      scoreToPlay: 0,
      scoreStdev: NaN,
      ownershipToPlay: null,
    };
  });
  const searched = async (parameters: Partial<SearchParameters>) =>
    await new Search(evaluator, { ...GUMBEL, gumbelActions: 2, ...parameters }).search(
      empty,
      { visits: 16 },
      1,
    );
  const [kept, open] = [await searched(SCARCELY), await searched({})];
  expect(kept.moves.map(({ move }) => move).toSorted((a, b) => a - b)).toEqual(bad);
  expect(open.moves.map(({ move }) => move)).toEqual(expect.arrayContaining(bad));
  expect(bad).not.toContain(open.move);
});

test('batches do not change how visits are shared out', async () => {
  const shares = async (batchSize: number) => {
    const { moves } = await search({ ...SCARCELY, gumbelActions: 8, batchSize, graphSearch: false }, 97);
    return moves.map(({ edgeVisits }) => edgeVisits).sort((a, b) => a - b);
  };
  expect(await shares(8)).toEqual(await shares(1));
});

test('noise draws other moves from other seeds, the same from the same, and the likely more often', async () => {
  const first = await search({ gumbelNoise: 1, gumbelActions: 3 }, 13, 5);
  expect(await search({ gumbelNoise: 1, gumbelActions: 3 }, 13, 5)).toEqual(first);
  const drawn = new Float64Array(26);
  for (let seed = 0; seed < 300; seed++) {
    const { moves } = await search({ gumbelNoise: 1, gumbelActions: 1, batchSize: 1 }, 2, seed);
    drawn[moves[0].move]++;
  }
  // With one move considered the draw is one from the policy over the root's moves.
  const { policyTarget } = await search({ gumbelValueScale: 0 }, 1);
  for (const [move, prior] of policyTarget.entries())
    expect(Math.abs(drawn[move] / 300 - prior)).toBeLessThan(4 * Math.sqrt((prior + 0.01) / 300));
});

test('noise may draw the moves to try and leave the choice among them alone', async () => {
  const quiet = { gumbelNoise: 1, gumbelMoveNoise: 0, gumbelValueScale: 0, gumbelActions: 4, batchSize: 1 };
  const tried = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    const { move, moves, policy } = await search(quiet, 13, seed);
    for (const each of moves) tried.add(each.move);
    const most = Math.max(...moves.map(({ edgeVisits }) => edgeVisits));
    const left = moves.filter(({ edgeVisits }) => edgeVisits === most);
    const likeliest = left.reduce((a, b) => (policy[b.move] > policy[a.move] ? b : a));
    expect(move).toBe(likeliest.move);
  }
  expect(tried.size).toBeGreaterThan(8);
});

test('the root is worth half its mean over the visits and half that under the improved policy', async () => {
  const { winrateBlack, rawWinrateBlack, moves, policyTarget } = await search({ graphSearch: false }, 33);
  // Black is to play.
  const over = (weights: readonly number[]): number =>
    moves.reduce((sum, { winrateToPlay }, i) => sum + weights[i] * winrateToPlay, 0);
  const visits = moves.map(({ edgeVisits }) => edgeVisits);
  const plain = (rawWinrateBlack + over(visits)) / visits.reduce((a, b) => a + b, 1);
  const target = moves.map(({ move }) => policyTarget[move]);
  const improved = over(target) / target.reduce((a, b) => a + b);
  expect(winrateBlack).toBeCloseTo((plain + improved) / 2, 5);
});

test('the answer is among the most visited moves and is the first told', async () => {
  for (const visits of [2, 9, 33, 200]) {
    const { move, moves } = await search({ gumbelNoise: 1 }, visits, visits);
    expect(moves[0].move).toBe(move);
    const most = Math.max(...moves.map(({ edgeVisits }) => edgeVisits));
    expect(moves[0].edgeVisits).toBe(most);
  }
});

test('the improved policy is a distribution over the moves of the root that prefers those of higher utility', async () => {
  const { policyTarget, policy, moves } = await search({}, 100);
  expect(policyTarget.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  const gain = (move: number): number => Math.log(policyTarget[move]) - Math.log(policy[move]);
  const byUtility = moves.toSorted((a, b) => a.utilityToPlay - b.utilityToPlay).map(({ move }) => gain(move));
  for (let i = 1; i < byUtility.length; i++)
    expect(byUtility[i]).toBeGreaterThanOrEqual(byUtility[i - 1] - 1e-4);
});
