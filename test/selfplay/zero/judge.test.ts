/** Judging on the threads of a run: who plays a game changes nothing about it, and a decided match ends. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, expect, test } from 'vitest';
import { saveNet } from '#nets/file.ts';
import { resnetSpec } from '#nets/spec.ts';
import type { JudgeRequest, JudgedGame } from '#selfplay/rating/judge-request.ts';
import { SelfPlayPool } from '#selfplay/zero/pool.ts';
import { randomWeights } from '../../nets/katago/random-nets.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-judge-'));

function makeNet(seed: number): string {
  const path = join(folder, `net${seed}.safetensors`);
  const spec = resnetSpec(1, 8);
  saveNet(path, { spec, weights: randomWeights(spec, seed), provenance: {} });
  return path;
}

const nets = [makeNet(1), makeNet(2)] as const;

const REQUEST: JudgeRequest = {
  first: { kind: 'net', path: nets[0] },
  second: { kind: 'net', path: nets[1] },
  games: 6,
  size: 4,
  komi: 0.5,
  rules: 'tromp-taylor',
  visits: 4,
  seed: 5,
  openingPlies: 1,
};

const one = new SelfPlayPool({ workers: 1, concurrentGames: 2 });
const two = new SelfPlayPool({ workers: 2, concurrentGames: 3 });
afterAll(() => Promise.all([one.close(), two.close()]));

test('the same games come from one thread and from two', async () => {
  const heard: JudgedGame[] = [];
  const alone = await one.judge({ ...REQUEST, onGame: (game) => heard.push(game) });
  expect(alone.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(heard.sort((a, b) => a.index - b.index)).toEqual(alone);
  expect(one.counts).toMatchObject({
    games: 6,
    moves: alone.reduce((sum, { moves }) => sum + moves.length, 0),
  });
  expect(await two.judge(REQUEST)).toEqual(alone);
  expect(await two.judge({ ...REQUEST, seed: 6 })).not.toEqual(alone);
});

test('a net may meet itself', async () => {
  const games = await two.judge({ ...REQUEST, second: REQUEST.first, visits: 1 });
  expect(games.length).toBe(6);
});

test('a decided test ends the match, after the same games whoever plays them', async () => {
  const request: JudgeRequest = {
    ...REQUEST,
    first: { kind: 'playouts', playouts: 20 },
    second: { kind: 'random' },
    games: 400,
    sprt: { elo0: -100, elo1: 100, alpha: 0.05, beta: 0.05 },
  };
  const games = await one.judge(request);
  expect(games.length).toBeLessThan(60);
  expect(games.map(({ index }) => index)).toEqual(games.map((_, index) => index));
  expect(await two.judge(request)).toEqual(games);
});

test('an aborted match gives the games that were finished, and begun anew it plays them again', async () => {
  const abort = new AbortController();
  const heard: JudgedGame[] = [];
  const games = await two.judge({
    ...REQUEST,
    games: 40,
    signal: abort.signal,
    onGame: (game) => {
      if (heard.push(game) === 5) abort.abort();
    },
  });
  expect(games).toEqual(heard.sort((x, y) => x.index - y.index));
  expect(games.length).toBeGreaterThanOrEqual(5);
  expect(games.length).toBeLessThan(40);
  const all = await two.judge({ ...REQUEST, games: 40 });
  expect(games).toEqual(games.map(({ index }) => all[index]));
});

test('threads that are killed again and again change no game of a match and lose none', async () => {
  const threads: Worker[] = [];
  const watch = (worker: Worker): void => void threads.push(worker);
  process.on('worker', watch);
  const pool = new SelfPlayPool({ workers: 2, concurrentGames: 3 });
  const alarms: string[] = [];
  const heard: number[] = [];
  // Without nets: a thread torn down inside the native runtime takes the process with it.
  const request: JudgeRequest = {
    ...REQUEST,
    first: { kind: 'playouts', playouts: 10 },
    second: { kind: 'random' },
    games: 300,
  };
  const games = await pool.judge({
    ...request,
    onAlarm: (sentence) => alarms.push(sentence),
    onGame: ({ index }) => {
      // While most games are to come: the threads do not wait for this one.
      if ([10, 30, 50].includes(heard.push(index))) void threads.at(-1)?.terminate();
    },
  });
  process.removeListener('worker', watch);
  await pool.close();
  expect(alarms.length).toBeGreaterThan(0);
  expect(alarms[0]).toMatch(/^A thread of self-play died/);
  expect(heard.sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, index) => index));
  expect(games).toEqual(await two.judge(request));
});

test('a net that cannot be used and an engine that is missing are told in a sentence', async () => {
  const missing = { kind: 'net', path: join(folder, 'missing.safetensors') } as const;
  await expect(two.judge({ ...REQUEST, second: missing })).rejects.toThrow(
    /missing\.safetensors: there is no/,
  );
  const engine = { kind: 'gtp', command: 'no-such-engine' } as const;
  await expect(two.judge({ ...REQUEST, second: engine })).rejects.toThrow('there is no such program');
  // The threads are as good as before.
  expect((await two.judge(REQUEST)).length).toBe(6);
});
