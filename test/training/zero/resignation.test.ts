/** When self-play may resign. */
import { expect, test } from 'vitest';
import { resignThreshold } from '#training/zero/resignation.ts';
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { someGames } from '../../selfplay/shards/arbitrary-game.ts';

const [someGame] = someGames(1);

const game = (winnersLowest: number, playedOn = true): SelfPlayGame => ({
  ...someGame,
  outcomeBlack: 1,
  playedOn,
  winnersLowest,
});

/** Games whose winners were once at 0.001, 0.002, ... */
const games = Array.from({ length: 100 }, (_, i) => game((i + 1) / 1000));

test('the threshold gives away no larger share of the games played on than is allowed', () => {
  for (const share of [0.01, 0.05, 0.2, 0.9]) {
    const threshold = resignThreshold(games, share);
    const lost = games.filter(({ winnersLowest }) => winnersLowest < threshold).length;
    expect(lost / games.length).toBeLessThanOrEqual(share);
    expect(threshold).toBeGreaterThan(0);
  }
  expect(resignThreshold(games, 0.05)).toBeCloseTo(0.006, 9);
});

test('a draw that would have been given away counts as well', () => {
  const drawn = games.map((each) => ({ ...each, outcomeBlack: 0 as const }));
  expect(resignThreshold(drawn, 0.05)).toBe(resignThreshold(games, 0.05));
});

test('nobody resigns without enough games, where it is switched off, or while they are about even', () => {
  expect(resignThreshold(games.slice(0, 20), 0.05)).toBe(0);
  expect(resignThreshold(games, 0)).toBe(0);
  expect(
    resignThreshold(
      games.map((each) => ({ ...each, playedOn: false })),
      0.05,
    ),
  ).toBe(0);
  expect(
    resignThreshold(
      games.map((each) => ({ ...each, winnersLowest: 0.5 })),
      0.05,
    ),
  ).toBe(0.1);
});
