/** Learning from the games of runs of self-play. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { writeShard } from '#selfplay/shards/shard-file.ts';
import { bagged } from '#training/bag.ts';
import { SupervisedConfig } from '#training/config.ts';
import { DataReader } from '#training/data-reader.ts';
import type { ReadingReport } from '#training/data-reader.ts';
import { openTask } from '#training/open-task.ts';
import type { SelfPlaySplit } from '#training/self-play-games.ts';
import type { Task } from '#training/task.ts';
import { fixtureGame } from '../selfplay/run/fixture-games.ts';

beforeAll(() => useBackend('cpu'));

const GAMES = Array.from({ length: 12 }, (_, index) => fixtureGame(3, index, 5));
const SIZES = GAMES.map(({ positions }) => positions.length);
const ALL = SIZES.reduce((sum, size) => sum + size, 0);

/** A run with one generation of games; the path of its shard too. */
function runWithGames(): { run: string; shard: string } {
  const run = mkdtempSync(join(tmpdir(), 'tengen-'));
  const games = join(run, 'games');
  mkdirSync(games);
  return { run, shard: join(games, writeShard(games, 3, GAMES)) };
}

function open(
  run: string,
  split: Partial<SelfPlaySplit>,
  report?: ReadingReport,
): ReturnType<typeof openTask> {
  const data = { kind: 'self-play', runs: [run] };
  const config = SupervisedConfig.parse({ data, net: '1x4', batch: 4, steps: 2, ...split });
  return openTask(config, new DataReader(report));
}

function taskOf(run: string, split: Partial<SelfPlaySplit>, report?: ReadingReport): Task {
  const opened = open(run, split, report);
  if (!opened.ok) throw new Error(opened.message);
  return opened.task;
}

test('what is not held out is learned from', () => {
  const { run } = runWithGames();
  const countsOf = (holdOut: number): number[] => {
    const { examples, validation, test: tested } = taskOf(run, { holdOut });
    return [examples, validation, tested].map((part) => part?.count ?? NaN);
  };
  const counts = countsOf(0.3);
  for (const count of counts) expect(count).toBeGreaterThan(0);
  expect(counts.reduce((a, b) => a + b)).toBe(ALL);
  expect(countsOf(0)).toEqual([ALL, 0, 0]);
});

test('a lesson is a function of its step, and its answers are what the searches found', async () => {
  const { run } = runWithGames();
  const answersAt = async (step: number): Promise<number[][]> => {
    const lessonAt = await taskOf(run, { holdOut: 0.4 }).lessons();
    const lesson = lessonAt(step);
    const answers = await lesson.answers.array();
    lesson.dispose();
    return answers;
  };
  expect(await answersAt(3)).toEqual(await answersAt(3));
  expect(await answersAt(4)).not.toEqual(await answersAt(3));
  const { examples } = taskOf(run, { holdOut: 0 });
  const lesson = examples.lesson([SIZES[0]]);
  const [answers] = await lesson.answers.array();
  lesson.dispose();
  const { policyMoves, policy } = GAMES[1].positions[0];
  expect(answers.flatMap((share, move) => (share > 0 ? [move] : []))).toEqual([...policyMoves]);
  expect([...policyMoves].map((move) => answers[move])).toEqual([...policy]);
});

test('with a bag a net learns from draws of the games by its seed', async () => {
  const { examples } = taskOf(runWithGames().run, { holdOut: 0, bag: 5 });
  const drawn = bagged(GAMES, 5).flatMap(({ positions }) => positions);
  expect(drawn).not.toHaveLength(ALL);
  const lesson = examples.lesson([...Array(examples.count).keys()]);
  const answers = await lesson.answers.array();
  lesson.dispose();
  expect(answers.map((shares) => shares.filter((share) => share > 0))).toEqual(
    drawn.map(({ policy }) => [...policy]),
  );
});

test('a damaged shard costs the game at the damage and is told; a folder without games is refused', () => {
  const { run, shard } = runWithGames();
  const bytes = readFileSync(shard);
  bytes[bytes.length - 10] ^= 0x40;
  writeFileSync(shard, bytes);
  const notes: string[] = [];
  const { examples } = taskOf(run, { holdOut: 0 }, { onNote: (sentence) => notes.push(sentence) });
  expect(examples.count).toBe(ALL - SIZES[GAMES.length - 1]);
  expect(notes).toEqual([
    expect.stringContaining(`of its ${GAMES.length} games ${GAMES.length - 1} can be read`),
  ]);
  const empty = mkdtempSync(join(tmpdir(), 'tengen-'));
  expect(open(empty, {})).toEqual({
    ok: false,
    message: expect.stringContaining(`${empty} holds no finished generation of games`),
  });
  const absent = join(empty, 'nope');
  expect(open(absent, {})).toEqual({ ok: false, message: `${absent}: there is no such folder` });
});
