/** How far a run tells that it is. */
import { expect, test } from 'vitest';
import { ToldProgress } from '#selfplay/run/run-files.ts';
import { ZeroConfig } from '#training/zero/config.ts';
import { RunProgress } from '#training/zero/progress.ts';

const CONFIG = ZeroConfig.parse({ generations: 4, gamesPerGeneration: 10 });
const COUNTS = { games: 4, moves: 200, evaluations: 3000, batches: 150, waitMs: 0 };

let clock = 0;
const pass = (seconds: number): void => void (clock += 1000 * seconds);
const newProgress = (told: unknown = {}): RunProgress =>
  new RunProgress(() => clock, ToldProgress.parse(told));

test('figures are of the generation so far, through a break, and what comes after its end is none of it', () => {
  const before = newProgress();
  before.begin(0, CONFIG);
  before.startGeneration(0, 10);
  before.foundGames(0);
  before.startPlay({ counts: COUNTS });
  before.games(4);
  pass(20);
  const told = before.read(0);
  expect(told).toMatchObject({ gamesPerSecond: 0.2, positionsPerSecond: 10, evaluationsPerSecond: 150 });
  const after = newProgress(told);
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
  // Learning goes on.
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
  progress.games(10);
  progress.steps(1, 4);
  pass(25);
  // Three quarters of a generation in 75 seconds: that the games are over says nothing of the steps.
  expect(progress.read(0).etaSeconds).toBe(175);
  progress.startGeneration(3, 10);
  progress.foundGames(10);
  progress.steps(4, 4);
  expect(progress.read(0).etaSeconds).toBeNull();
});

test('of generation 0, whose steps come after its games, these are half', () => {
  const progress = newProgress();
  progress.begin(0, { ...CONFIG, generations: 1 });
  progress.startGeneration(0, 10);
  progress.foundGames(0);
  pass(10);
  progress.games(10);
  expect(progress.read(0).etaSeconds).toBe(10);
  pass(5);
  progress.steps(5, 10);
  expect(progress.read(0).etaSeconds).toBe(5);
});

test('what another version told otherwise is not told, and the rest is', () => {
  const told = ToldProgress.parse({
    state: 'thinking',
    generation: 'G1',
    spent: { seconds: 'many' },
    runSeconds: 9,
  });
  expect(told).toEqual({ runSeconds: 9 });
  expect(newProgress(told).read(0)).toMatchObject({ generation: 0, runSeconds: 9 });
});

test('what was told of another generation counts for none', () => {
  const spent = { seconds: 7, games: 1, moves: 1, evaluations: 1, batches: 1 };
  const progress = newProgress({ generation: 1, spent });
  progress.begin(0, CONFIG);
  progress.startGeneration(2, 10);
  expect(progress.endGeneration()).toEqual({ seconds: 0, games: 0, moves: 0, evaluations: 0, batches: 0 });
});
