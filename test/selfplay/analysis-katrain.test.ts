/** The analysis engine with the shipped net on search threads, asked as KaTrain asks. */
import { afterAll, expect, test } from 'vitest';
import { defaultNetPath } from '#nets/weights.ts';
import { AnalysisEngine } from '#selfplay/analysis-engine.ts';
import { SearchPool } from '#selfplay/search-pool.ts';

type MoveInfo = {
  move: string;
  order: number;
  visits: number;
  edgeVisits: number;
  winrate: number;
  scoreLead: number;
  prior: number;
  pv: string[];
  ownership: number[];
  isSymmetryOf?: string;
};
type Answer = {
  id: string;
  turnNumber: number;
  isDuringSearch: boolean;
  noResults?: true;
  moveInfos: MoveInfo[];
  rootInfo: { winrate: number; scoreLead: number; visits: number; currentPlayer: string };
  ownership: number[];
  policy: number[];
  warning?: string;
  error?: string;
};

const pool = new SearchPool({ threads: 2 });
afterAll(() => pool.close());

const answers: Answer[] = [];
const engine = new AnalysisEngine({
  pool,
  slots: 2,
  net: defaultNetPath,
  models: () => [],
  version: '0',
  defaults: { visits: 500, budgetMs: Infinity, perspective: 'side-to-move', parameters: {} },
  seed: 1,
  write: (line) => answers.push(JSON.parse(line) as Answer),
});

/** A query as KaTrain builds it, in its order of fields. */
function query(id: string, moves: readonly (readonly [string, string])[], more: object = {}): string {
  return JSON.stringify({
    rules: 'japanese',
    priority: 0,
    analyzeTurns: [moves.length],
    maxVisits: 50,
    komi: 6.5,
    boardXSize: 9,
    boardYSize: 9,
    includeOwnership: true,
    includeMovesOwnership: true,
    includePolicy: true,
    initialStones: [],
    initialPlayer: 'B',
    moves,
    overrideSettings: { reportAnalysisWinratesAs: 'BLACK', maxTime: 8, wideRootNoise: 0.04 },
    id,
    ...more,
  });
}

const MOVES = [
  ['B', 'E5'],
  ['W', 'C3'],
  ['B', 'G7'],
] as const;

/** What KaTrain reads of an answer, with all it takes for granted. */
function check(answer: Answer, turn: number): void {
  expect(answer).toMatchObject({ turnNumber: turn, isDuringSearch: false });
  expect(answer.error).toBeUndefined();
  const { moveInfos, rootInfo, ownership, policy } = answer;
  expect(rootInfo.currentPlayer).toBe('BW'[turn % 2]);
  expect(rootInfo.visits).toBe(50);
  expect(Number.isFinite(rootInfo.scoreLead)).toBe(true);
  expect(moveInfos.length).toBeGreaterThan(0);
  expect(moveInfos.map(({ order }) => order)).toEqual([...moveInfos.keys()]);
  for (const move of moveInfos) {
    expect(move.pv[0]).toBe(move.move);
    expect(move.visits).toBeGreaterThan(0);
    expect(Math.abs(move.winrate - 0.5)).toBeLessThanOrEqual(0.5);
    expect(Number.isFinite(move.scoreLead)).toBe(true);
    expect(move.prior).toBeGreaterThanOrEqual(0);
    expect(move.ownership).toHaveLength(81);
  }
  const searched = moveInfos.filter(({ isSymmetryOf }) => isSymmetryOf === undefined);
  expect(searched.reduce((sum, { edgeVisits }) => sum + edgeVisits, 0)).toBe(49);
  expect(ownership).toHaveLength(81);
  expect(policy).toHaveLength(82);
  expect(policy.filter((prior) => prior === -1)).toHaveLength(turn);
}

test('a game is analysed turn by turn as KaTrain does when it loads one', async () => {
  for (const turn of [0, 1, 2, 3]) engine.handle(query(`QUERY:${turn}`, MOVES.slice(0, turn)));
  await engine.whenIdle();
  const finals = answers.splice(0);
  expect(finals.map(({ id }) => id).toSorted()).toEqual(['QUERY:0', 'QUERY:1', 'QUERY:2', 'QUERY:3']);
  for (const answer of finals) check(answer, answer.turnNumber);
});

test('other moves are found where the best ones are to be avoided', async () => {
  engine.handle(query('best', MOVES));
  await engine.whenIdle();
  const best =
    answers
      .splice(0)
      .at(-1)
      ?.moveInfos.map(({ move }) => move) ?? [];
  engine.handle(
    query('others', MOVES, {
      avoidMoves: [{ moves: best, player: 'W', untilDepth: 1 }],
      includePolicy: false,
    }),
  );
  await engine.whenIdle();
  const others =
    answers
      .splice(0)
      .at(-1)
      ?.moveInfos.map(({ move }) => move) ?? [];
  expect(others.length).toBeGreaterThan(0);
  expect(others.filter((move) => best.includes(move))).toEqual([]);
});

test('a new game ends the queries of the old one, each with one last answer', async () => {
  const ids = ['QUERY:10', 'QUERY:11', 'QUERY:12', 'QUERY:13'];
  for (const id of ids) engine.handle(query(id, MOVES, { maxVisits: 100_000 }));
  for (const id of ids)
    engine.handle(JSON.stringify({ action: 'terminate', terminateId: id, id: `end ${id}` }));
  engine.handle(query('QUERY:20', [], { priority: 1 }));
  await engine.whenIdle();
  const finals = answers.splice(0).filter(({ isDuringSearch }) => isDuringSearch === false);
  expect(finals.map(({ id }) => id).toSorted()).toEqual([...ids, 'QUERY:20']);
  for (const answer of finals.filter(({ id }) => id !== 'QUERY:20'))
    expect(answer.noResults === true || answer.rootInfo.visits < 100_000).toBe(true);
  check(finals.find(({ id }) => id === 'QUERY:20') as Answer, 0);
});

test('an analysis without an end reports on its way until it is ended, as Ogatak lets it run', async () => {
  engine.handle(query('endless', MOVES, { maxVisits: 1_000_000, reportDuringSearchEvery: 0.02 }));
  await expect.poll(() => answers.filter(({ isDuringSearch }) => isDuringSearch).length).toBeGreaterThan(2);
  engine.handle(JSON.stringify({ action: 'terminate', terminateId: 'endless', id: 'end' }));
  await engine.whenIdle();
  const reports = answers.splice(0).filter(({ id, warning }) => id === 'endless' && warning === undefined);
  expect(reports.map(({ isDuringSearch }) => isDuringSearch).lastIndexOf(true)).toBe(reports.length - 2);
  const visits = reports.map(({ rootInfo }) => rootInfo.visits);
  expect(visits).toEqual(visits.toSorted((a, b) => a - b));
});

test('handicap stones come first, and White moves', async () => {
  const stones = [
    ['B', 'G7'],
    ['B', 'C3'],
  ];
  engine.handle(query('handicap', [], { initialStones: stones, initialPlayer: 'W', rules: 'chinese' }));
  await engine.whenIdle();
  expect(answers.splice(0).at(-1)).toMatchObject({ rootInfo: { currentPlayer: 'W' } });
});
