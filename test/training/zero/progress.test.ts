/** How far a run tells that it is. */
import { expect, test } from 'vitest';
import { LiveState } from '#selfplay/run/run-lines.ts';
import { ZeroConfig } from '#training/zero/config.ts';
import { RunProgress } from '#training/zero/progress.ts';

const CONFIG = ZeroConfig.parse({ generations: 4, gamesPerGeneration: 10 });
const COUNTS = { games: 4, moves: 200, evaluations: 3000, batches: 150, waitMs: 0 };

let clock = 0;
const pass = (seconds: number): void => void (clock += 1000 * seconds);
const newProgress = (last: LiveState | null = null): RunProgress => new RunProgress(() => clock, last);

test('figures are of the generation so far, through a break, and matches are none of it', () => {
  const before = newProgress();
  before.begin(0, CONFIG);
  before.startGeneration(0, 10);
  before.foundGames(0);
  before.startPlay({ counts: COUNTS });
  before.games(4);
  pass(20);
  const told = before.read(0);
  expect(told).toMatchObject({ gamesPerSecond: 0.2, positionsPerSecond: 10, evaluationsPerSecond: 150 });
  const after = newProgress(LiveState.parse(told));
  // Until the run is restored, it tells what it told before.
  expect(after.read(0)).toMatchObject({ generation: 0, spent: told.spent, runSeconds: 20 });
  pass(1000);
  after.begin(0, CONFIG);
  after.startGeneration(0, 10);
  after.foundGames(4);
  after.startPlay({ counts: { ...COUNTS, games: 6, evaluations: 5000 } });
  after.games(10);
  pass(30);
  after.endPlay();
  pass(10);
  expect(after.endGeneration()).toEqual({
    seconds: 60,
    games: 10,
    moves: 400,
    evaluations: 8000,
    batches: 300,
  });
  pass(100);
  expect(after.read(0)).toMatchObject({ batchFill: 8000 / 300, evaluationsPerSecond: 8000 / 60 });
  after.startGeneration(1, 10);
  expect(after.read(0).spent).toEqual({ seconds: 0, games: 0, moves: 0, evaluations: 0, batches: 0 });
});

test('the time left is told by what was done since the program was started', () => {
  const progress = newProgress();
  progress.begin(500, CONFIG);
  progress.startGeneration(1, 10);
  progress.foundGames(5);
  pass(50);
  expect(progress.read(0).etaSeconds).toBeNull();
  progress.games(10);
  // Half a generation in 50 seconds, and two more.
  expect(progress.read(0).etaSeconds).toBe(200);
  progress.startGeneration(2, 10);
  progress.foundGames(0);
  expect(progress.read(0).etaSeconds).toBe(200);
});

test('what was told of another generation counts for none', () => {
  const spent = { seconds: 7, games: 1, moves: 1, evaluations: 1, batches: 1 };
  const progress = newProgress(LiveState.parse({ at: 0, state: 'playing', generation: 1, spent }));
  progress.begin(0, CONFIG);
  progress.startGeneration(2, 10);
  expect(progress.endGeneration()).toEqual({ seconds: 0, games: 0, moves: 0, evaluations: 0, batches: 0 });
});
