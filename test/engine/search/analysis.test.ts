/** What a search tells: its moves, its reports on the way, and the moves it may not think of. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import type { SearchResult } from '#engine/search/result.ts';
import { Search } from '#engine/search/search.ts';
import { hashEvaluator, played } from './helpers.ts';

const empty = Position.start({ width: 5, height: 5, rules: makeRules('chinese', { komi: 0.5 }) });
const centre = 12;

function expectConsistent(result: SearchResult): void {
  const { moves, visits, policy, winrateToPlay } = result;
  expect(moves.map(({ order }) => order)).toEqual([...moves.keys()]);
  expect(moves.reduce((sum, { edgeVisits }) => sum + edgeVisits, 0)).toBe(result.rootVisits - 1);
  for (const { move, prior, edgeVisits, pv, pvVisits, ...told } of moves) {
    expect([edgeVisits, prior]).toEqual([visits[move], policy[move]]);
    expect(told.winrateToPlay).toBeCloseTo(winrateToPlay[move], 5);
    expect(told.lcbToPlay).toBeLessThanOrEqual(told.winrateToPlay);
    expect(pv[0]).toBe(move);
    expect(pvVisits).toHaveLength(pv.length);
    expect(pvVisits).toEqual(pvVisits.toSorted((a, b) => b - a));
    expect(pvVisits[0]).toBe(told.visits);
  }
}

test('the moves told are those visited, best first, each with a line of falling visits', async () => {
  const result = await new Search(hashEvaluator(8), NET_SEARCH).search(empty, { visits: 300 }, 1);
  expectConsistent(result);
  expect(result.moves[0].move).toBe(result.move);
  expect(result.pv).toEqual(result.moves[0].pv);
  const rest = result.moves.slice(1).map(({ edgeVisits }) => edgeVisits);
  expect(rest).toEqual(rest.toSorted((a, b) => b - a));
});

test('bounds lie below by one radius, in the units of a win rate by the share of wins in the utility', async () => {
  const parameters = { ...NET_SEARCH, staticScoreWeight: 0.2, dynamicScoreWeight: 0.05 };
  const { moves } = await new Search(hashEvaluator(8), parameters).search(empty, { visits: 30 }, 1);
  for (const { winrateToPlay, lcbToPlay, utilityToPlay, utilityLcbToPlay } of moves) {
    const radius = utilityToPlay - utilityLcbToPlay;
    expect(radius).toBeGreaterThan(0);
    expect(lcbToPlay).toBeCloseTo(Math.max(0, winrateToPlay - radius / 2 / 1.25), 10);
  }
  expect(moves.some(({ lcbToPlay }) => lcbToPlay === 0)).toBe(true);
});

test('moves are ranked alike whichever of them is drawn to be played', async () => {
  const searched = (temperature: number, seed: number): Promise<SearchResult> =>
    new Search(hashEvaluator(8), { ...NET_SEARCH, temperature, randomSymmetry: false }).search(
      empty,
      { visits: 100 },
      seed,
    );
  const best = await searched(0, 1);
  const drawn = await Promise.all(Array.from({ length: 8 }, (_, seed) => searched(100, seed)));
  for (const { moves } of drawn) expect(moves).toEqual(best.moves);
  expect(drawn.some(({ move }) => move !== best.move)).toBe(true);
  for (const { move, pv } of drawn) expect(pv[0]).toBe(move);
});

test('lines are as long as asked, their first move not counted', async () => {
  const lines = async (pvLength: number): Promise<(readonly number[])[]> => {
    const parameters = { ...NET_SEARCH, cPuct: 0.1, pvLength };
    const { moves } = await new Search(hashEvaluator(8), parameters).search(empty, { visits: 2000 }, 1);
    return moves.map(({ pv }) => pv);
  };
  const whole = await lines(1000);
  expect(Math.max(...whole.map(({ length }) => length))).toBeGreaterThan(20);
  for (const pvLength of [0, 3, 18])
    expect(await lines(pvLength)).toEqual(whole.map((pv) => pv.slice(0, 1 + pvLength)));
});

test('every line told can be played', async () => {
  const { moves } = await new Search(hashEvaluator(8), NET_SEARCH).search(empty, { visits: 300 }, 1);
  for (const { pv } of moves) played(empty, ...pv);
});

test('reports come after the time asked for, and change nothing', async () => {
  let time = 0;
  const reports: SearchResult[] = [];
  const budget = { visits: 200, now: () => time };
  const parameters = { ...NET_SEARCH, temperature: 1, batchSize: 1 };
  const search = (): Search =>
    new Search(
      hashEvaluator(1, () => (time += 10)),
      parameters,
    );
  const silent = await search().search(empty, budget, 3);
  const told = await search().search(
    empty,
    { ...budget, reportEveryMs: 500, onReport: (result) => reports.push(result) },
    3,
  );
  expect(told).toEqual(silent);
  expect(reports).toHaveLength(3);
  for (const report of reports) expectConsistent(report);
  expect(reports.map(({ rootVisits }) => rootVisits)).toEqual([51, 101, 151]);
});

test('avoided moves are searched neither at the root nor, as deep as is asked, below it', async () => {
  const search = new Search(hashEvaluator(8), NET_SEARCH);
  const free = await search.search(empty, { visits: 200 }, 1);
  const best = free.move as number;
  const avoided = await search.search(empty, { visits: 200 }, 1, {
    avoidMoves: [{ moves: [best], color: BLACK, untilDepth: 1 }],
  });
  expect(avoided.visits[best]).toBe(0);
  expect(avoided.move).not.toBe(best);
  expectConsistent(avoided);
  // The evaluator's policy is told whatever may be played.
  for (const [move, prior] of free.policy.entries()) expect(avoided.policy[move]).toBeCloseTo(prior, 6);
  const reply = free.moves[0].pv[1];
  const restricted = await search.search(empty, { visits: 200 }, 1, {
    avoidMoves: [{ moves: [reply], color: WHITE, untilDepth: 4 }],
  });
  for (const { pv } of restricted.moves) {
    expect(pv[1]).not.toBe(reply);
    expect(pv[3]).not.toBe(reply);
  }
  // Without restrictions the search is as if there never had been any.
  expect((await search.search(empty, { visits: 200 }, 1)).moves).toEqual(free.moves);
});

test('where moves are named to be allowed, only those are searched, useless ones too', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(24), { minLength: 1, maxLength: 4 }), async (moves) => {
      const result = await new Search(hashEvaluator(8), NET_SEARCH).search(
        played(empty, centre, 0),
        { visits: 60 },
        1,
        {
          allowMoves: [{ moves, color: BLACK, untilDepth: 1 }],
        },
      );
      const legal = moves.filter((move) => move !== centre && move !== 0);
      const allowed = legal.length > 0 ? legal : [25];
      for (const { move } of result.moves) expect(allowed).toContain(move);
      expect(allowed).toContain(result.move);
    }),
    { numRuns: 20 },
  );
});

test('whoever may only pass passes', async () => {
  const result = await new Search(hashEvaluator(8), NET_SEARCH).search(empty, { visits: 40 }, 1, {
    allowMoves: [{ moves: [25], color: BLACK, untilDepth: 1 }],
  });
  expect(result.move).toBe(25);
});

test('what the evaluator alone thinks is told however long is searched', async () => {
  const find = (visits: number) => new Search(hashEvaluator(8), NET_SEARCH).search(empty, { visits }, 1);
  const raw = await find(1);
  expect(await find(100)).toMatchObject({
    rawWinrateBlack: raw.winrateBlack,
    rawScoreBlack: raw.scoreBlack,
    rawScoreStdev: raw.scoreStdev,
  });
});

test('the higher the temperature at the root, the more evenly moves are tried where priors lead; the policy told is the same', async () => {
  const find = (rootPolicyTemperature: number) =>
    new Search(hashEvaluator(8), { ...NET_SEARCH, cPuct: 20, rootPolicyTemperature }).search(
      played(empty, 1),
      { visits: 100 },
      1,
    );
  const [narrow, usual, wide] = [await find(0.2), await find(1), await find(100)];
  expect([narrow.policy, wide.policy]).toEqual([usual.policy, usual.policy]);
  const most = ({ moves }: SearchResult): number => Math.max(...moves.map(({ edgeVisits }) => edgeVisits));
  expect(most(narrow)).toBeGreaterThan(most(usual));
  expect(most(usual)).toBeGreaterThan(most(wide));
});
