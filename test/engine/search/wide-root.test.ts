/** The search that is wider at its root. */
import { expect, test } from 'vitest';
import { BLACK, signFor } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { immediateEvaluator } from '#engine/search/evaluator.ts';
import { NET_SEARCH, type SearchParameters } from '#engine/search/parameters.ts';
import type { SearchResult } from '#engine/search/result.ts';
import { Search } from '#engine/search/search.ts';
import { wideBonus } from '#engine/search/wide-root.ts';

const CENTRE = 12;
const start = Position.start({ width: 5, height: 5, rules: RULE_PRESETS.chinese });

/** A Black who has the centre is well off, and worse without it; both like it most. */
const centreEvaluator = immediateEvaluator(8, ({ board, toPlay }) => ({
  policyLogits: Float32Array.from({ length: 26 }, (_, move) => (move === CENTRE ? 3 : Math.sin(move))),
  valueToPlay: signFor(toPlay) * (board.stones[CENTRE] === BLACK ? 0.4 : 0),
  scoreToPlay: signFor(toPlay) * (board.stones[CENTRE] === BLACK ? 8 : 0),
  scoreStdev: NaN,
  ownershipToPlay: null,
}));

function search(changes: Partial<SearchParameters>, seed = 1): Promise<SearchResult> {
  const parameters = { ...NET_SEARCH, rootSymmetryPruning: false, ...changes };
  return new Search(centreEvaluator, parameters).search(start, { visits: 400 }, seed);
}

test('the more noise the fewer visits the best move gets, and at 1 all moves get some', async () => {
  const best: number[] = [];
  for (const wideRootNoise of [0, 0.1, 0.3, 1]) {
    const { visits, moves } = await search({ wideRootNoise });
    best.push(visits[CENTRE]);
    if (wideRootNoise === 1) expect(moves).toHaveLength(25); // but not the pass, which is too early
  }
  expect(best).toEqual(best.toSorted((x, y) => y - x));
  expect(new Set(best).size).toBe(best.length);
});

test('the position is told to be worth what a search without noise finds, though most visits go to worse moves', async () => {
  const narrow = await search({});
  for (const seed of [1, 2, 3]) {
    const wide = await search({ wideRootNoise: 1 }, seed);
    expect(wide.move).toBe(CENTRE);
    let all = 0;
    for (const { edgeVisits, winrateToPlay } of wide.moves) all += edgeVisits * winrateToPlay;
    expect(all / (wide.rootVisits - 1)).toBeLessThan(narrow.winrateBlack - 0.1);
    expect(Math.abs(wide.winrateBlack - narrow.winrateBlack)).toBeLessThan(0.03);
    expect(Math.abs(wide.scoreBlack - narrow.scoreBlack)).toBeLessThan(0.5);
    expect(Math.abs(wide.utilityBlack - narrow.utilityBlack)).toBeLessThan(0.06);
  }
});

test('a move weighs no more than its visits, and the best one as much', async () => {
  const { moves, visits } = await search({ wideRootNoise: 0.5 });
  for (const { move, weight } of moves) expect(weight).toBeLessThanOrEqual(visits[move]);
  expect(moves[0].weight).toBe(visits[CENTRE]);
  expect(moves.reduce((sum, { weight }) => sum + weight, 0)).toBeLessThan(300);
});

test('the same seed draws the same noise, another one other noise', async () => {
  const [a, b, c] = [1, 1, 2].map((seed) => search({ wideRootNoise: 0.3 }, seed));
  expect(await a).toEqual(await b);
  expect((await a).visits).not.toEqual((await c).visits);
});

test('Gumbel, which draws its own, heeds no noise', async () => {
  const gumbel = { algorithm: 'gumbel' } as const;
  expect(await search({ ...gumbel, wideRootNoise: 1 })).toEqual(await search(gumbel));
});

test('a bonus is half the time none, otherwise half of a normal distribution', () => {
  const rng = makeRng(1);
  const draws = Array.from({ length: 20_000 }, () => wideBonus(0.25, rng));
  const some = draws.filter((draw) => draw !== 0);
  expect(Math.min(...some)).toBeGreaterThan(0);
  expect(some.length / draws.length).toBeCloseTo(0.5, 1.7);
  // E |x| = sqrt(2 / pi) for x of the standard normal distribution.
  expect(some.reduce((a, b) => a + b) / some.length).toBeCloseTo(0.25 * Math.sqrt(2 / Math.PI), 1.9);
});
