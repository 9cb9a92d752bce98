/** Judged games on one thread: a function of the players and the game's number, whoever else plays. */
import { expect, test } from 'vitest';
import { playoutEvaluator } from '#engine/search/playout-evaluator.ts';
import { judgeAtTables } from '#selfplay/rating/judge-tables.ts';
import { tally } from '#selfplay/rating/judge-request.ts';
import { LiveGame } from '#selfplay/run/run-files.ts';
import type { JudgeSetting, JudgedGame } from '#selfplay/rating/judge-request.ts';

const SETTING: JudgeSetting = {
  first: { kind: 'net', path: 'a' },
  second: { kind: 'playouts', playouts: 3 },
  size: 5,
  komi: 0.5,
  rules: 'tromp-taylor',
  visits: 6,
  seed: 4,
  openingPlies: 2,
};

/** Playouts stand for a net. */
const evaluatorOf = () => playoutEvaluator({ seed: 1 });

async function judge(
  indices: readonly number[],
  tables: number,
  setting = SETTING,
  onMove: (game: LiveGame) => void = () => undefined,
): Promise<JudgedGame[]> {
  const games: JudgedGame[] = [];
  const left = [...indices];
  await judgeAtTables(setting, {
    tables,
    evaluatorOf,
    next: () => left.shift() ?? null,
    onMove,
    onGame: (game) => games.push(game),
    signal: new AbortController().signal,
  });
  return games.sort((a, b) => a.index - b.index);
}

test('a game depends on its number alone, not on the tables or on the thread', async () => {
  const alone = await judge([0, 1, 2, 3, 4, 5], 1);
  expect(alone.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(await judge([0, 1, 2, 3, 4, 5], 4)).toEqual(alone);
  const two = [...(await judge([0, 3, 4], 2)), ...(await judge([5, 2, 1], 3))];
  expect(two.sort((a, b) => a.index - b.index)).toEqual(alone);
  // Whoever plays must not play the same game again and again.
  expect(new Set(alone.map(({ moves }) => moves.join())).size).toBe(6);
});

test('colours alternate, openings come in pairs, and the points are those of the first player', async () => {
  const games = await judge([0, 1, 2, 3], 2, { ...SETTING, second: { kind: 'random' }, visits: 40 });
  expect(games.map(({ firstIsBlack }) => firstIsBlack)).toEqual([true, false, true, false]);
  expect(games[1].moves.slice(0, 2)).toEqual(games[0].moves.slice(0, 2));
  for (const { points, firstIsBlack, result } of games)
    expect(points).toBe(result.startsWith(firstIsBlack ? 'B' : 'W') ? 1 : 0);
  const { wins, losses, draws } = tally(games);
  expect([wins + draws / 2, wins + losses + draws]).toEqual([
    games.reduce((sum, { points }) => sum + points, 0),
    4,
  ]);
});

test('every move is told with the game so far and what the last search thinks', async () => {
  const live: LiveGame[] = [];
  const games = await judge([1, 2], 2, SETTING, (game) => live.push(game));
  for (const { index, moves } of games) {
    const told = live.filter((game) => game.index === index);
    expect(told.map((game) => game.moves)).toEqual(moves.map((_, ply) => moves.slice(0, ply + 1)));
    expect(told.slice(0, 2).map(({ winrateBlack }) => winrateBlack)).toEqual([0.5, 0.5]);
    expect(new Set(told.map(({ winrateBlack }) => winrateBlack)).size).toBeGreaterThan(2);
    expect(told.every((game) => LiveGame.safeParse(game).success)).toBe(true);
  }
});

test('a signal ends the games under way', async () => {
  const abort = new AbortController();
  const games: JudgedGame[] = [];
  const judged = judgeAtTables(SETTING, {
    tables: 2,
    evaluatorOf,
    next: () => games.length,
    onMove: () => undefined,
    onGame: (game) => {
      if (games.push(game) === 3) abort.abort(new Error('enough'));
    },
    signal: abort.signal,
  });
  await expect(judged).rejects.toThrow('enough');
  expect(games.length).toBe(3);
});
