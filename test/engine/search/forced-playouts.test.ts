/** Forced playouts, and the policy target that leaves them out again. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import type { SearchParameters } from '#engine/search/parameters.ts';
import type { SearchResult } from '#engine/search/result.ts';
import { Search } from '#engine/search/search.ts';
import { hashEvaluator } from './helpers.ts';

const empty = Position.start({ width: 5, height: 5, rules: makeRules('chinese', { komi: 0.5 }) });
const search = (parameters: Partial<SearchParameters>, visits: number, seed = 1): Promise<SearchResult> =>
  new Search(hashEvaluator(1), { ...NET_SEARCH, batchSize: 1, ...parameters }).search(
    empty,
    { visits },
    seed,
  );
const noisy = { noiseWeight: 0.25, graphSearch: false, rootSymmetryPruning: false };

test('the target of PUCT is the share of the visits, or the priors where there are none', async () => {
  const { policyTarget, visits } = await search({}, 101);
  expect([...policyTarget]).toEqual([...visits].map((n) => Math.fround(n / 100)));
  const { policyTarget: alone, policy } = await search({ rootSymmetryPruning: false }, 1);
  // A pass, which is the last move, is none at the start.
  for (const [move, prior] of policy.entries())
    expect(alone[move]).toBeCloseTo(move === 25 ? 0 : prior / (1 - policy[25]), 6);
});

test('every visited move has its forced visits, those of the last simulation apart', async () => {
  // Without noise the priors that force are those told.
  const parameters = { forcedPlayouts: 2, graphSearch: false, rootSymmetryPruning: false };
  const { visits, policy } = await search(parameters, 301);
  const isBelow = (move: number): boolean =>
    visits[move] > 0 && visits[move] < Math.floor(Math.sqrt(2 * policy[move] * 299));
  expect([...visits.keys()].filter(isBelow)).toEqual([]);
  const { visits: free } = await search({ ...parameters, forcedPlayouts: 0 }, 301);
  expect([...free]).not.toEqual([...visits]);
});

test('the target takes visits from forced moves only, and none from the most visited', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 20, max: 300 }), fc.integer({ min: 0, max: 1e6 }), async (n, seed) => {
      const { visits, policyTarget } = await search({ ...noisy, forcedPlayouts: 2 }, n, seed);
      const most = Math.max(...visits);
      // The most visited move keeps all, so that its share tells how many are left; of several, one.
      const best = policyTarget.indexOf(Math.max(...policyTarget.filter((_, move) => visits[move] === most)));
      const left = visits[best] / policyTarget[best];
      const kept = [...policyTarget].map((share) => share * left);
      expect(policyTarget.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
      for (const [move, count] of kept.entries()) {
        expect(Math.abs(count - Math.round(count))).toBeLessThan(1e-3);
        expect(count).toBeLessThanOrEqual(visits[move] + 1e-3);
        if (count < visits[move] - 1e-3) expect(Math.round(count)).not.toBe(1);
      }
    }),
    { numRuns: 30 },
  );
});

test('bad moves that only forcing explains are left out of the target', async () => {
  const { visits, policyTarget, winrateToPlay } = await search({ ...noisy, forcedPlayouts: 10 }, 400);
  const dropped = [...visits.keys()].filter((move) => visits[move] > 1 && policyTarget[move] === 0);
  expect(dropped.length).toBeGreaterThan(0);
  const best = visits.indexOf(Math.max(...visits));
  for (const move of dropped) expect(winrateToPlay[move]).toBeLessThan(winrateToPlay[best]);
});
