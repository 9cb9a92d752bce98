/** The analysis engine, spoken to line by line over a search that does as it is told. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnalysisEngine } from '#selfplay/analysis-engine.ts';
import type { Perspective } from '#selfplay/kata-analysis.ts';
import { FakeAnalyser } from './fake-analyser.ts';
import { MODEL } from './gtp-helpers.ts';

type Line = Record<string, unknown>;
type Session = { engine: AnalysisEngine; analyser: FakeAnalyser; lines: Line[]; errors: unknown[] };

function begin(options: { instant?: boolean; slots?: number; perspective?: Perspective } = {}): Session {
  const { instant = true, slots = 1, perspective = 'black' } = options;
  const [analyser, lines, errors] = [new FakeAnalyser(instant), [] as Line[], [] as unknown[]];
  const engine = new AnalysisEngine({
    pool: analyser,
    slots,
    net: 'nets/test.safetensors',
    models: () => [MODEL],
    version: '1',
    defaults: { visits: 500, budgetMs: Infinity, perspective, parameters: {} },
    seed: 1,
    write: (line) => lines.push(JSON.parse(line) as Line),
    onError: (error) => errors.push(error),
  });
  return { engine, analyser, lines, errors };
}

const QUERY = { id: 'q', moves: [['B', 'C3']], rules: 'chinese', komi: 7, boardXSize: 5, boardYSize: 4 };

function send({ engine }: Session, ...queries: object[]): void {
  for (const query of queries)
    engine.handle(JSON.stringify({ ...('action' in query ? {} : QUERY), ...query }));
}

/** What is answered to one query. */
async function answer(query: object, perspective: Perspective = 'black'): Promise<Line> {
  const session = begin({ perspective });
  send(session, query);
  await session.engine.whenIdle();
  expect(session.lines).toHaveLength(1);
  return session.lines[0];
}

describe('answers', () => {
  test('hold moves, the root, and what is asked for', async () => {
    const asked = { includeOwnership: true, includePolicy: true, includePVVisits: true, maxVisits: 9 };
    const found = await answer(asked);
    expect(found).toMatchObject({
      id: 'q',
      turnNumber: 1,
      isDuringSearch: false,
      rootInfo: {
        currentPlayer: 'W',
        visits: 9,
        winrate: 0.625,
        scoreLead: 2.5,
        scoreStdev: 8,
        utility: 0.25,
      },
    });
    const [best, second, third] = found.moveInfos as Line[];
    expect(best).toEqual({
      move: 'A4',
      order: 0,
      visits: 4,
      edgeVisits: 4,
      weight: 1,
      winrate: 0.625,
      scoreMean: 2.5,
      scoreLead: 2.5,
      scoreSelfplay: 2.5,
      scoreStdev: 8,
      utility: 0.25,
      lcb: 0.75,
      utilityLcb: 0.5,
      prior: expect.closeTo(1 / 20, 6),
      pv: ['A4', 'pass'],
      pvVisits: [2, 1],
    });
    expect([second.order, third.order]).toEqual([1, 2]);
    const [ownership, policy] = [found.ownership as number[], found.policy as number[]];
    expect(ownership).toHaveLength(20);
    expect(ownership.filter((owner) => owner !== 0)).toEqual([1]);
    expect(policy).toHaveLength(21);
    expect(policy.indexOf(-1)).toBe(ownership.indexOf(1));
    expect(policy.filter((prior) => prior >= 0).reduce((a, b) => a + b)).toBeCloseTo(1);
  });

  test('leave out what is not asked for', async () => {
    const found = await answer({ maxVisits: 3 });
    expect(Object.keys(found).toSorted()).toEqual([
      'id',
      'isDuringSearch',
      'moveInfos',
      'rootInfo',
      'turnNumber',
    ]);
    expect((found.moveInfos as Line[])[0]).not.toHaveProperty('pvVisits');
  });

  test('tell after each move who will own what, and what the net says without a search', async () => {
    const found = await answer({ includeMovesOwnership: true, maxVisits: 9 });
    const raw = { rawWinrate: 0.5, rawLead: 1.5, rawScoreSelfplay: 1.5, rawScoreSelfplayStdev: 9 };
    expect(found.rootInfo).toMatchObject(raw);
    expect(found).not.toHaveProperty('ownership');
    for (const { ownership } of found.moveInfos as { ownership: number[] }[])
      expect([ownership.length, ownership.filter((owner) => owner !== 0)]).toEqual([20, [1]]);
  });

  test('moves that are equal by symmetry follow the one that was searched, turned as it is', async () => {
    const empty = { moves: [], maxVisits: 2 };
    const told = (await answer(empty)).moveInfos as Line[];
    expect(told.map(({ move, order, isSymmetryOf }) => [move, order, isSymmetryOf])).toEqual([
      ['A4', 0, undefined],
      ['A1', 1, 'A4'],
      ['E4', 2, 'A4'],
      ['E1', 3, 'A4'],
    ]);
    expect(told.map(({ pv }) => (pv as string[])[0])).toEqual(['A4', 'A1', 'E4', 'E1']);
    expect((await answer({ moves: [['B', 'A1']], maxVisits: 2 })).moveInfos).toHaveLength(1);
    const unpruned = await answer({ ...empty, overrideSettings: { rootSymmetryPruning: false } });
    expect(unpruned.moveInfos).toHaveLength(1);
  });

  test('one visit asks the net alone: there are no moves, only the root', async () => {
    expect(await answer({ maxVisits: 1 })).toMatchObject({ moveInfos: [], rootInfo: { visits: 1 } });
  });

  test('tell the same of every side: rates are mirrored, signs turned, deviations and visits kept', async () => {
    const asked = { includeOwnership: true, maxVisits: 9 };
    const black = await answer(asked, 'black');
    const white = await answer(asked, 'white');
    const mover = await answer(asked, 'side-to-move');
    expect(mover).toEqual(white); // White moves
    for (const [name, mirrored] of [
      ['winrate', (x: number) => 1 - x],
      ['lcb', (x: number) => 1 - x],
      ['scoreLead', (x: number) => -x],
      ['utility', (x: number) => -x],
      ['utilityLcb', (x: number) => -x],
      ['scoreStdev', (x: number) => x],
      ['visits', (x: number) => x],
      ['prior', (x: number) => x],
    ] as const)
      (black.moveInfos as Record<string, number>[]).forEach((move, i) =>
        expect((white.moveInfos as Record<string, number>[])[i][name]).toBeCloseTo(mirrored(move[name])),
      );
    expect(white.ownership).toEqual((black.ownership as number[]).map((owner) => 0 - owner));
    const overridden = await answer({ ...asked, overrideSettings: { reportAnalysisWinratesAs: 'WHITE' } });
    expect(overridden).toEqual(white);
  });
});

describe('what a query asks of the search', () => {
  const asked = (query: object) => {
    const session = begin({ instant: false });
    send(session, query);
    return session.analyser.open[0].options;
  };

  test('visits, time, seed, net and restrictions', () => {
    const restriction = { player: 'W', moves: ['A1'], untilDepth: 1 };
    expect(asked({})).toMatchObject({ visits: 500, seed: 1, net: 'nets/test.safetensors' });
    expect(asked({})).not.toHaveProperty('budgetMs');
    expect(asked({ maxVisits: 7, avoidMoves: [restriction] })).toMatchObject({
      visits: 7,
      options: { avoidMoves: [{ color: 2, moves: [15], untilDepth: 1 }], allowMoves: [] },
    });
    expect(asked({ overrideSettings: { maxTime: '0.5', maxVisits: 3, cpuctExploration: 2 } })).toMatchObject({
      visits: 3,
      budgetMs: 500,
      parameters: { cPuct: 2 },
    });
    expect(asked({ maxVisits: 7, overrideSettings: { maxVisits: 3 } }).visits).toBe(7);
    expect(asked({ rootFpuReductionMax: 0, rootPolicyTemperature: 1.5 }).parameters).toEqual({
      rootFpuReduction: 0,
      rootPolicyTemperature: 1.5,
    });
    expect(asked({ analysisPVLen: 40 }).parameters).toEqual({ pvLength: 40 });
    expect(asked({ overrideSettings: { analysisPVLen: 1 } }).parameters).toEqual({ pvLength: 1 });
    expect(asked({ includeOwnership: true }).parameters).toEqual({ treeOwnership: true });
    expect(asked({ includeMovesOwnership: true }).parameters).toMatchObject({ movesOwnership: true });
    expect(asked({ overrideSettings: { wideRootNoise: 0.04 } }).parameters).toEqual({ wideRootNoise: 0.04 });
    expect(asked({ overrideSettings: { maxMegabytes: '1000' } }).parameters).toEqual({ maxMegabytes: 1000 });
    expect(asked({ maxVisits: 9, overrideSettings: { maxPlayouts: 5 } }).visits).toBe(5);
    expect(asked({ maxVisits: 9, overrideSettings: { maxPlayouts: 50 } }).visits).toBe(9);
    const flags = { useGraphSearch: 'false', rootSymmetryPruning: true };
    expect(asked({ overrideSettings: flags }).parameters).toEqual({
      graphSearch: false,
      rootSymmetryPruning: true,
    });
  });

  test('of the turns of a query those with no legal move left are refused', async () => {
    const session = begin();
    const allowMoves = [{ player: 'W', moves: ['C3'], untilDepth: 1 }];
    send(session, { analyzeTurns: [0, 1], allowMoves, maxVisits: 3 });
    await session.engine.whenIdle();
    expect(session.lines).toMatchObject([
      { turnNumber: 0, moveInfos: expect.any(Array) },
      { turnNumber: 1, isDuringSearch: false, field: 'allowMoves', error: expect.any(String) },
    ]);
    expect(session.errors).toEqual([]);
  });

  test('a tree that is full before its visits is warned of, before the answer', async () => {
    const session = begin({ instant: false, slots: 2 });
    send(session, { maxVisits: 30 }, { maxVisits: 20, overrideSettings: { maxMegabytes: 1 } });
    for (let query = 0; query < 2; query++) session.analyser.open[0].finish(20, true);
    await session.engine.whenIdle();
    const warning = expect.stringMatching(/full after 20 visits.* maxMegabytes .* 250/) as string;
    expect(session.lines).toMatchObject([
      { id: 'q', turnNumber: 1, field: 'maxVisits', warning },
      { isDuringSearch: false, rootInfo: { visits: 20 } },
      { isDuringSearch: false, rootInfo: { visits: 20 } },
    ]);
  });

  test('settings nobody knows are warned of, impossible ones refused', async () => {
    const session = begin();
    send(session, { overrideSettings: { humanSLProfile: 'rank_3d', toString: 1 }, typo: 1 });
    await session.engine.whenIdle();
    expect(session.lines.map(({ field, warning }) => [field, warning])).toEqual([
      ['typo', 'Unexpected or unused field'],
      ['overrideSettings', 'Unknown config params: humanSLProfile,toString'],
      [undefined, undefined],
    ]);
    const refused = begin();
    send(refused, { overrideSettings: { maxTime: -1 } });
    expect(refused.lines).toEqual([{ id: 'q', field: 'overrideSettings', error: expect.any(String) }]);
    const huge = begin();
    send(huge, { overrideSettings: { maxMegabytes: 10_001 } });
    expect(huge.lines).toMatchObject([{ field: 'overrideSettings', error: 'maxMegabytes cannot be 10001' }]);
    for (const name of ['rootSymmetryPruning', 'reportAnalysisWinratesAs']) {
      // What cannot be made text.
      const odd = begin();
      send(odd, { overrideSettings: { [name]: { toString: 1 } } });
      expect(odd.lines).toEqual([
        { id: 'q', field: 'overrideSettings', error: `${name} cannot be {"toString":1}` },
      ]);
    }
  });
});

describe('queries under way', () => {
  test('as many are searched at once as there are slots, the highest priority first, then in order', () => {
    const session = begin({ instant: false, slots: 2 });
    send(session, { id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd', priority: 1 }, { id: 'e', priority: 1 });
    expect(session.analyser.open).toHaveLength(2);
    return (async () => {
      while (session.analyser.open.length > 0) {
        session.analyser.open[0].finish();
        await new Promise(setImmediate);
      }
      expect(session.lines.map(({ id }) => id)).toEqual(['a', 'b', 'd', 'e', 'c']);
    })();
  });

  test('turns of one query go by their priorities', async () => {
    const session = begin({ instant: false });
    send(session, { id: 'busy' });
    send(session, { analyzeTurns: [0, 1], priorities: [1, 2] });
    while (session.analyser.open.length > 0) {
      session.analyser.open[0].finish();
      await new Promise(setImmediate);
    }
    expect(session.lines.slice(1).map(({ turnNumber }) => turnNumber)).toEqual([1, 0]);
  });

  test('reports on the way say so, and the last answer is the only one that does not', async () => {
    const session = begin({ instant: false });
    send(session, { reportDuringSearchEvery: 0.25, maxVisits: 9 });
    const [search] = session.analyser.open;
    expect(search.options.reportEveryMs).toBe(250);
    search.report(3);
    search.report(5);
    search.finish();
    await session.engine.whenIdle();
    expect(session.lines.map(({ isDuringSearch }) => isDuringSearch)).toEqual([true, true, false]);
    expect(session.lines.map(({ rootInfo }) => (rootInfo as Line).visits)).toEqual([3, 5, 9]);
  });

  test('a search that fails is answered with an error, and the next one goes on', async () => {
    const session = begin({ instant: false });
    send(session, { id: 'a' }, { id: 'b' });
    session.analyser.open[0].fail('out of luck');
    await expect.poll(() => session.analyser.open.length).toBe(1);
    session.analyser.open[0].finish();
    await session.engine.whenIdle();
    expect(session.lines).toMatchObject([
      { id: 'a', turnNumber: 1, isDuringSearch: false, error: 'out of luck' },
      { id: 'b', isDuringSearch: false },
    ]);
    expect(session.errors).toHaveLength(1);
  });
});

describe('actions', () => {
  test('are said again with what they ask for', () => {
    const session = begin();
    send(session, { id: 'v', action: 'query_version', more: [1] }, { id: 'm', action: 'query_models' });
    send(session, { id: 'c', action: 'clear_cache' });
    expect(session.lines).toEqual([
      {
        id: 'v',
        action: 'query_version',
        more: [1],
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        git_hash: '<omitted>',
        engine: 'Tengen 1',
      },
      {
        id: 'm',
        action: 'query_models',
        models: [MODEL],
      },
      { id: 'c', action: 'clear_cache' },
    ]);
    expect(session.analyser.forgotten).toBe(1);
  });

  test('terminate ends what waits without results and what is searched with those it has', async () => {
    const session = begin({ instant: false });
    send(session, { analyzeTurns: [0, 1] }, { id: 'other' });
    send(session, { id: 't', action: 'terminate', terminateId: 'q' });
    expect(session.lines).toEqual([
      { id: 'q', turnNumber: 1, isDuringSearch: false, noResults: true },
      { id: 't', action: 'terminate', terminateId: 'q' },
    ]);
    await expect.poll(() => session.lines.length).toBe(3);
    expect(session.lines[2]).toMatchObject({
      id: 'q',
      turnNumber: 0,
      isDuringSearch: false,
      rootInfo: { visits: 2 },
    });
    expect(session.analyser.open).toHaveLength(1);
  });

  test('terminate can name turns, and terminate_all ends every query', async () => {
    const session = begin({ instant: false });
    send(session, { analyzeTurns: [0, 1] }, { id: 'other' });
    send(session, { id: 't', action: 'terminate', terminateId: 'q', turnNumbers: [1] });
    expect(session.lines.map(({ turnNumber }) => turnNumber)).toEqual([1, undefined]);
    send(session, { id: 't', action: 'terminate_all' });
    await session.engine.whenIdle();
    const finals = session.lines.filter(({ isDuringSearch }) => isDuringSearch === false);
    expect(finals.map(({ id, turnNumber }) => `${String(id)}${String(turnNumber)}`).toSorted()).toEqual([
      'other1',
      'q0',
      'q1',
    ]);
  });

  test('ending what is not there is no error', () => {
    const session = begin();
    send(session, { id: 't', action: 'terminate', terminateId: 'nobody' });
    expect(session.lines).toEqual([{ id: 't', action: 'terminate', terminateId: 'nobody' }]);
  });

  test('a closed engine says nothing more', async () => {
    const session = begin({ instant: false });
    send(session, { id: 'a' }, { id: 'b' });
    session.engine.close();
    await session.engine.whenIdle();
    expect(session.lines).toEqual([]);
  });
});

test('whatever the lines, each gives one error or its answers, and nothing is thrown', async () => {
  const mangled = fc
    .tuple(
      fc.constantFrom(...Object.keys(QUERY), 'action', 'analyzeTurns', 'maxVisits', 'overrideSettings'),
      fc.jsonValue(),
    )
    .map(([name, value]) => JSON.stringify({ ...QUERY, [name]: value }));
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), fc.json(), mangled), async (line) => {
      const session = begin();
      session.engine.handle(line);
      await session.engine.whenIdle();
      expect(session.errors).toEqual([]);
      const errors = session.lines.filter((found) => 'error' in found);
      const others = session.lines.filter((found) => !('error' in found) && !('warning' in found));
      if (line.trim() === '') expect(session.lines).toEqual([]);
      else expect(errors.length + others.length).toBe(1);
    }),
    { numRuns: 1000 },
  );
});
