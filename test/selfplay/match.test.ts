/** Matches: pairing, openings, results and their end. */
import { expect, test } from 'vitest';
import { BLACK } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { IllegalMoveError } from '#selfplay/illegal-move.ts';
import { playMatch, type MatchGame, type MatchOptions, type Table } from '#selfplay/match.ts';
import { randomMove } from '#selfplay/open-player.ts';
import type { Player } from '#selfplay/player.ts';

const SIZE = { width: 5, height: 5 };
const RULES = { ...RULE_PRESETS['tromp-taylor'], komi: 0.5 };
const OPTIONS: MatchOptions = { ...SIZE, rules: RULES, games: 6, openingPlies: 2, seed: 3 };

function player(name: string, genMove: Player['genMove']): Player {
  return { name, genMove, close: () => Promise.resolve() };
}

const random = (): Player =>
  player('random', (position, { rng }) => Promise.resolve({ move: randomMove(position, rng) }));
const passing = (): Player => player('passing', (position) => Promise.resolve({ move: position.board.area }));
const resigning = (): Player => player('resigning', () => Promise.resolve({ move: 'resign' }));
/** Breaks a rule that only the players could break: it answers with an occupied point. */
const cheating = (): Player =>
  player('cheating', (position) =>
    Promise.resolve({ move: position.board.stones.findIndex((stone) => stone !== 0) }),
  );
const failing = (): Player => player('failing', () => Promise.reject(new Error('the engine is gone')));

const tables = (count: number, first: () => Player, second: () => Player): Table[] =>
  Array.from({ length: count }, () => ({ first: first(), second: second() }));

test('colours alternate and each opening is played once either way round', async () => {
  const games = await playMatch(tables(1, random, random), OPTIONS);
  expect(games.map((game) => game.index)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(games.map((game) => game.firstIsBlack)).toEqual([true, false, true, false, true, false]);
  const opening = (game: MatchGame): unknown => game.moves.slice(0, 2);
  expect(opening(games[1])).toEqual(opening(games[0]));
  expect(opening(games[3])).toEqual(opening(games[2]));
  expect(new Set(games.map((game) => JSON.stringify(opening(game)))).size).toBeGreaterThan(1);
  // Two equal players must not play the same game twice, or the interval counts it twice.
  expect(new Set(games.map((game) => JSON.stringify(game.moves))).size).toBe(games.length);
});

test('every game replays to its position, and the points follow the result', async () => {
  for (const game of await playMatch(tables(1, random, random), OPTIONS)) {
    let position = Position.start({ ...SIZE, rules: RULES });
    for (const { color, move } of game.moves) {
      expect(position.toPlay).toBe(color);
      const played = position.play(move);
      if (!played.ok) throw new Error(played.reason);
      position = played.position;
    }
    expect([...position.board.stones]).toEqual([...game.position.board.stones]);
    expect(game.points).toBe((game.winner === BLACK) === game.firstIsBlack ? 1 : 0);
    expect(game.result[0]).toBe(game.winner === BLACK ? 'B' : 'W');
  }
});

test('what happens in a game does not depend on how many tables there are', async () => {
  const one = await playMatch(tables(1, random, random), OPTIONS);
  const three = await playMatch(tables(3, random, random), OPTIONS);
  expect(three.map(({ moves, result }) => ({ moves, result }))).toEqual(
    one.map(({ moves, result }) => ({ moves, result })),
  );
});

test('resigning and illegal moves lose, whichever colour', async () => {
  const resigned = await playMatch(tables(1, random, resigning), OPTIONS);
  expect(resigned.map(({ points, end }) => [points, end])).toEqual(Array(6).fill([1, 'resignation']));
  expect(resigned.map((game) => game.result)).toEqual(['B+R', 'W+R', 'B+R', 'W+R', 'B+R', 'W+R']);
  const cheated = await playMatch(tables(1, cheating, random), OPTIONS);
  expect(cheated.map(({ points, end }) => [points, end])).toEqual(Array(6).fill([0, 'illegal-move']));
});

test('a player that answers nonsense loses, one that fails ends the match', async () => {
  const nonsense = (): Player =>
    player('nonsense', () => Promise.reject(new IllegalMoveError('"K11" is off the board')));
  const games = await playMatch(tables(1, nonsense, random), { ...OPTIONS, games: 2 });
  expect(games.map((game) => game.result)).toEqual(['W+F', 'B+F']);
  await expect(playMatch(tables(2, failing, random), OPTIONS)).rejects.toThrow('the engine is gone');
});

test('two passes end a game and the board is counted with komi', async () => {
  const [game] = await playMatch(tables(1, passing, passing), { ...OPTIONS, games: 1, openingPlies: 1 });
  expect(game).toMatchObject({ end: 'passes', scoreBlack: 24.5, result: 'B+24.5', points: 1 });
});

test('a game at its move limit is counted as it stands', async () => {
  const [game] = await playMatch(tables(1, random, random), { ...OPTIONS, games: 1, moveLimit: 4 });
  expect(game.end).toBe('move-limit');
  expect(game.moves).toHaveLength(4);
});

test('an aborted match has told of the games that were finished', async () => {
  const told: number[] = [];
  const abort = new AbortController();
  const match = playMatch(tables(1, random, random), {
    ...OPTIONS,
    signal: abort.signal,
    onGame: ({ index }) => {
      told.push(index);
      if (index === 1) abort.abort(new Error('interrupted'));
    },
  });
  await expect(match).rejects.toThrow('interrupted');
  expect(told).toEqual([0, 1]);
});

test('a match of players that only compute can be aborted from outside', async () => {
  const told: number[] = [];
  const abort = new AbortController();
  setImmediate(() => abort.abort(new Error('interrupted')));
  const match = playMatch(tables(2, random, random), {
    ...OPTIONS,
    games: 3000,
    signal: abort.signal,
    onGame: ({ index }) => told.push(index),
  });
  await expect(match).rejects.toThrow('interrupted');
  expect(told.length).toBeLessThan(3000);
});
