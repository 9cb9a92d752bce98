/** The replay window: what it holds, and how often it draws each position. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { disposeBatch } from '#nets/batch.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { windowPositions } from '#training/window-size.ts';
import { ReplayWindow } from '#training/window.ts';
import { fixtureGame } from '../selfplay/run/fixture-games.ts';

beforeAll(() => useBackend('cpu'));

function windowOf(games: readonly SelfPlayGame[], valueFromSearch = 0): ReplayWindow {
  const window = new ReplayWindow(OWN_FEATURES, { valueFromSearch });
  window.add(games);
  return window;
}

/** A game whose positions have these surprises and values that tell them apart: k / 100 for the k-th. */
function tellingGame(seed: number, surprises: readonly number[]): SelfPlayGame {
  const game = fixtureGame(0, seed, 5, false);
  const positions = surprises.map((surprise, k) => ({ ...game.positions[k], surprise, valueBlack: k / 100 }));
  return { ...game, positions };
}

test('a batch is a function of seed, step and the games that are there, however they came', () => {
  const games = [1, 2, 3].map((index) => fixtureGame(0, index, 4 + index));
  const drawn = (window: ReplayWindow, seed: number, step: number): number[][] => {
    const batch = window.batch(6, seed, step);
    const tensors = [batch.planes, batch.globals, ...Object.values(batch.targets)];
    const values = tensors.map((tensor) => [...tensor.dataSync()]);
    disposeBatch(batch);
    return values;
  };
  const straight = windowOf(games);
  const older = fixtureGame(0, 9, 5);
  const trimmed = windowOf([older, games[0]]);
  trimmed.add(games.slice(1));
  trimmed.trim(straight.positions);
  expect(trimmed.positions).toBe(straight.positions);
  expect(drawn(trimmed, 1, 7)).toEqual(drawn(straight, 1, 7));
  expect(drawn(straight, 1, 8)).not.toEqual(drawn(straight, 1, 7));
  expect(drawn(straight, 2, 7)).not.toEqual(drawn(straight, 1, 7));
});

test('the oldest games go whole, down to but never below the number asked for', () => {
  const games = [1, 2, 3].map((index) => tellingGame(index, [1, 1, 1, 1, 1]));
  const empty = { ...games[0], positions: [] };
  const window = windowOf([empty, ...games]);
  const left = [16, 15, 11, 10, 6, 5, 1, 0].map((positions) => {
    window.trim(positions);
    return window.positions;
  });
  expect(left).toEqual([15, 15, 15, 10, 10, 5, 5, 0]);
  expect(() => window.batch(1, 1, 1)).toThrow('empty window');
});

/** How often the k-th of a game's positions is drawn, as shares, by its value. */
function shares(window: ReplayWindow, draws: number, positions: number): number[] {
  const counts = Array.from({ length: positions }, () => 0);
  const batch = window.batch(draws, 3, 1);
  for (const value of batch.targets.value.dataSync()) counts[Math.round(100 * Math.abs(value))]++;
  disposeBatch(batch);
  return counts.map((count) => count / draws);
}

/** Five standard errors of a share of a half. */
const DRAWS = 3000;
const CLOSE = 5 * (0.5 / Math.sqrt(DRAWS));

test('within a game half of the draws are even, and half follow the surprise', () => {
  const surprises = [0, 1, 6, 0, 1];
  const drawn = shares(windowOf([tellingGame(1, surprises)], 1), DRAWS, 5);
  drawn.forEach((share, k) =>
    expect(Math.abs(share - (0.5 / 5 + (0.5 * surprises[k]) / 8))).toBeLessThan(CLOSE),
  );
});

test('where nothing surprised, or less than nothing by rounding, draws are even', () => {
  const drawn = shares(windowOf([tellingGame(1, [0, -1e-9, 0, 0])], 1), DRAWS, 4);
  for (const share of drawn) expect(Math.abs(share - 1 / 4)).toBeLessThan(CLOSE);
});

test('games are drawn by their positions, however surprising', () => {
  const games = [tellingGame(1, [9, 9]), tellingGame(2, [0.1, 0, 0, 0, 0, 0])];
  const batch = windowOf(games, 1).batch(DRAWS, 3, 1);
  const later = batch.targets.value.dataSync().filter((value) => Math.abs(value) > 0.015);
  // Of six positions the last four: an even half of three quarters, and none of those by surprise.
  expect(Math.abs(later.length / DRAWS - (0.75 * 0.5 * 4) / 6)).toBeLessThan(CLOSE);
  disposeBatch(batch);
});

test('illegal moves are named by their game', () => {
  const game = fixtureGame(3, 1, 5, false);
  const moves = game.moves.map(() => 12);
  expect(() => windowOf([{ ...game, moves }])).toThrow('move 1 of game 1 of generation 3 is illegal');
});

test('the window holds all positions at first, then ever more of them but a falling share', () => {
  const shape = fc.record({
    smallest: fc.integer({ min: 10, max: 1e6 }),
    exponent: fc.double({ min: 0.1, max: 0.99, noNaN: true }),
    growth: fc.double({ min: 0.01, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(shape, fc.integer({ min: 1, max: 1e8 }), (window, total) => {
      const size = windowPositions(total, window);
      if (total <= window.smallest) expect(size).toBe(total);
      const [later, twice] = [total + 1, 2 * total].map((n) => windowPositions(n, window));
      expect(size).toBeLessThanOrEqual(total);
      expect(later).toBeGreaterThanOrEqual(size);
      expect(later - size).toBeLessThanOrEqual(total < window.smallest ? 1 : window.growth + 1);
      expect(twice / (2 * total)).toBeLessThanOrEqual(size / total + 1 / total);
    }),
  );
  // KataGo's main run: about 22 million positions in the window after 241 million (Wu 2019, appendix C).
  const katago = windowPositions(241e6, { smallest: 250_000, exponent: 0.75, growth: 0.4 });
  expect(Math.abs(katago / 22e6 - 1)).toBeLessThan(0.1);
});
