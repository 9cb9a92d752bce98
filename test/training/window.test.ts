/** The replay window: what it draws, how often, and what is to be learned of it. */
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { disposeBatch } from '#nets/batch.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import { ReplayWindow } from '#training/window.ts';
import { randomSelfPlayGame } from './self-play-games.ts';

beforeAll(() => useBackend('cpu'));

const windowOf = (...games: ReturnType<typeof randomSelfPlayGame>[]): ReplayWindow => {
  const window = new ReplayWindow(OWN_FEATURES, { valueFromSearch: 0.25 });
  window.add(games);
  return window;
};

test('a batch is a function of seed, step and the games that are there', () => {
  const games = [1, 2, 3].map((seed) => randomSelfPlayGame(seed, 5 + seed, 12));
  const drawn = (window: ReplayWindow, step: number): unknown => {
    const batch = window.batch(6, 1, step);
    const values = [batch.planes, batch.globals, ...Object.values(batch.targets)].map((t) => [
      ...t.dataSync(),
    ]);
    disposeBatch(batch);
    return values;
  };
  const straight = drawn(windowOf(...games), 7);
  const trimmed = windowOf(randomSelfPlayGame(9, 5, 8), ...games);
  trimmed.trim(21);
  expect(trimmed.positions).toBe(21);
  expect(drawn(trimmed, 7)).toEqual(straight);
  expect(drawn(trimmed, 8)).not.toEqual(straight);
});

test('the oldest games go whole, and never below the number that is asked for', () => {
  const window = windowOf(...[1, 2, 3].map((seed) => randomSelfPlayGame(seed, 5, 8)));
  expect(window.positions).toBe(15);
  window.trim(6);
  expect(window.positions).toBe(10);
  window.trim(5);
  expect(window.positions).toBe(5);
  window.trim(100);
  expect(window.positions).toBe(5);
});
