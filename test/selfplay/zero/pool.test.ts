/** Threads of self-play: who plays a game, and who dies over it, changes nothing about it. */
import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { saveNet } from '#nets/file.ts';
import type { WeightArray } from '#nets/file.ts';
import { Slots } from '#nets/inference/slots.ts';
import { resnetSpec } from '#nets/spec.ts';
import type { LiveGame } from '#selfplay/run/run-files.ts';
import type { SelfPlayGame } from '#selfplay/shards/self-play-game.ts';
import { SelfPlayConfig } from '#selfplay/zero/config.ts';
import { SelfPlayPool } from '#selfplay/zero/pool.ts';
import type { PlayRequest } from '#selfplay/zero/pool.ts';
import { randomWeights } from '../../nets/katago/random-nets.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-zero-'));
const spec = resnetSpec(1, 8);

function netOf(
  name: string,
  change: (weights: Map<string, WeightArray>) => void = () => undefined,
  seed = 1,
): string {
  const weights = randomWeights(spec, seed);
  change(weights);
  saveNet(join(folder, name), { spec, weights, provenance: {} });
  return join(folder, name);
}
const net = netOf('net.safetensors');
const nan = netOf('nan.safetensors', (weights) => {
  for (const { values } of weights.values()) values.fill(3e38);
});

const config = SelfPlayConfig.parse({
  boards: [
    { size: 3, komi: 4 },
    { size: 4, komi: 2 },
  ],
  rules: ['tromp-taylor', 'chinese'],
  visits: 6,
  cheapVisits: 2,
});
const upTo = (games: number): number[] => Array.from({ length: games }, (_, index) => index);

async function playOn(
  pool: SelfPlayPool,
  indices: readonly number[],
  changes: Partial<PlayRequest> = {},
): Promise<SelfPlayGame[]> {
  const games: SelfPlayGame[] = [];
  const onGame = (game: SelfPlayGame): void => {
    games.push(game);
    changes.onGame?.(game);
  };
  const request = { net, config, seed: 1, generation: 2, indices, resignBelow: 0.1, ...changes, onGame };
  const counts = await pool.play(request);
  expect(counts.games).toBe(games.length);
  return games.sort((a, b) => a.index - b.index);
}

/** The threads of this process that live, in the order they were started. */
const threads = new Set<Worker>();
process.on('worker', (worker) => {
  threads.add(worker);
  worker.once('exit', () => threads.delete(worker));
});

/** Has a thread die between two evaluations, or at its start: of a message that Piscina does not expect. */
function kill(worker: Worker | undefined): void {
  worker?.postMessage({ niceIncrement: 0 });
}

const one = new SelfPlayPool({ workers: 1, concurrentGames: 3 });
const two = new SelfPlayPool({ workers: 2, concurrentGames: 3 });
afterAll(() => Promise.all([one.close(), two.close()]));

test('the same games come from one thread and from two, and from any part of the indices', async () => {
  const alone = await playOn(one, upTo(8));
  expect(alone.map(({ index }) => index)).toEqual(upTo(8));
  expect(one.counts.moves).toBe(alone.reduce((sum, { moves }) => sum + moves.length, 0));
  expect(one.counts.evaluations).toBeGreaterThan(one.counts.batches);
  expect(await playOn(two, upTo(8).reverse())).toEqual(alone);
  expect(await playOn(two, [5, 2])).toEqual([alone[2], alone[5]]);
});

test('the same games come from a net that all threads share, though its thread dies, and theirs', async () => {
  const shared = new SelfPlayPool({ workers: 2, concurrentGames: 3, sessions: 1 });
  // Opening the net tries it from here.
  const tried = vi.spyOn(Slots.prototype, 'run');
  const alarms: string[] = [];
  let told = 0;
  const games = await playOn(shared, upTo(60), {
    onGame: () => {
      told++;
      // The newest thread is that of the net.
      if (told === 10) kill([...threads].at(-2));
      if (told === 30) (tried.mock.contexts[0] as Slots).abandon('the thread of the net ended');
    },
    onAlarm: (sentence) => alarms.push(sentence),
  });
  expect(games.map(({ index }) => index)).toEqual(upTo(60));
  expect(games.slice(0, 8)).toEqual(await playOn(one, upTo(8)));
  expect(alarms).toEqual([expect.stringContaining('self-play died'), expect.stringContaining('a net died')]);
  tried.mockRestore();
  await shared.close();
});

test.each([null, 1])('a net whose file is replaced is read anew, by %s shared sessions', async (sessions) => {
  const other = netOf('other.safetensors', undefined, 2);
  const path = join(folder, 'replaced.safetensors');
  const pool = new SelfPlayPool({ workers: 2, concurrentGames: 3, sessions });
  copyFileSync(other, path);
  const before = await playOn(pool, upTo(4), { net: path });
  copyFileSync(net, path);
  const games = await playOn(pool, upTo(4), { net: path });
  expect(games).toEqual(await playOn(one, upTo(4)));
  expect(games.map(({ moves }) => [...moves])).not.toEqual(before.map(({ moves }) => [...moves]));
  await pool.close();
});

test('a shared net that cannot be used is refused at once, and nobody is told of a death', async () => {
  const shared = new SelfPlayPool({ workers: 1, concurrentGames: 1, sessions: 1 });
  const alarms: string[] = [];
  const onAlarm = (sentence: string): unknown => alarms.push(sentence);
  await expect(playOn(shared, upTo(2), { net: nan, onAlarm })).rejects.toThrow(
    `${nan}: it is no net to play with`,
  );
  expect(alarms).toEqual([]);
  await shared.close();
});

/** Each start of a thread takes a while: fifty deaths only where slow tests are asked for. */
const DEATHS = process.env['TENGEN_SLOW'] === '1' ? 50 : 6;

test(`every game is told once, and is what it would have been, though threads die ${DEATHS} times at random`, async () => {
  const games = 20 * DEATHS;
  const rng = makeRng(3);
  let left = DEATHS;
  let alarms = 0;
  const killOne = (): void => {
    const alive = [...threads];
    left--;
    kill(alive[rng.nextInt(alive.length)]);
  };
  const survived = await playOn(two, upTo(games), {
    onGame: () => {
      if (left > 0 && rng.nextFloat() < 0.3) killOne();
    },
    onAlarm: (sentence) => {
      alarms++;
      expect(sentence).toMatch(/^A thread of self-play died/);
      // Once more while the new one starts.
      if (left > 0 && rng.nextFloat() < 0.2) killOne();
    },
  });
  expect(left).toBe(0);
  expect(alarms).toBeGreaterThan(0);
  expect(survived.map(({ index }) => index)).toEqual(upTo(games));
  expect(await playOn(one, upTo(10))).toEqual(survived.slice(0, 10));
});

test('threads that die again and again without a game are given up', async () => {
  const pool = new SelfPlayPool({ workers: 1, concurrentGames: 1 });
  // Who is told of a thread that starts is told in the next turn of the event loop.
  const killNewest = (): void => void setImmediate(() => kill([...threads].at(-1)));
  killNewest();
  await expect(playOn(pool, [0], { onAlarm: killNewest })).rejects.toThrow('died one after another');
  // What is done is done: the pool can be used again.
  expect(await playOn(pool, [0])).toHaveLength(1);
  await pool.close();
});

test('games in play are shown', async () => {
  const long = SelfPlayConfig.parse({ boards: [{ size: 19 }], visits: 100, fullShare: 1 });
  const stop = new AbortController();
  let seen: readonly LiveGame[] = [];
  const signal = stop.signal;
  const onLive = (games: readonly LiveGame[]): void => {
    seen = games;
    // A slow machine tells of the first before the others have begun.
    if (games.length === 3) stop.abort();
  };
  await playOn(one, upTo(3), { config: long, resignBelow: 0, signal, onLive });
  expect(seen.map(({ index }) => index).sort((a, b) => a - b)).toEqual(upTo(3));
  for (const { width, moves, blackFirst, winrateBlack } of seen) {
    expect([width, blackFirst]).toEqual([19, true]);
    expect(moves.length).toBeGreaterThan(0);
    expect(winrateBlack).toBeGreaterThan(0);
  }
});

describe('play', () => {
  test('ends early when it is aborted, with the games that were finished by then', async () => {
    const stop = new AbortController();
    const games = await playOn(two, upTo(5000), {
      signal: stop.signal,
      onGame: ({ index }) => {
        if (index === 4) stop.abort();
      },
    });
    expect(games.length).toBeGreaterThan(0);
    expect(games.length).toBeLessThan(5000);
    expect(await playOn(two, upTo(5000), { signal: AbortSignal.abort() })).toEqual([]);
    expect(await playOn(one, [games[0].index])).toEqual([games[0]]);
  });

  test('says in a sentence what is wrong with a net, whether it opens or not', async () => {
    const missing = join(folder, 'missing.safetensors');
    await expect(playOn(two, [0], { net: missing })).rejects.toThrow(`${missing}:`);
    const text = join(folder, 'text.safetensors');
    writeFileSync(text, 'no net at all');
    await expect(playOn(two, [0], { net: text })).rejects.toThrow(`${text}:`);
    await expect(playOn(two, [0], { net: nan })).rejects.toThrow(`${nan}: it is no net to play with`);
    const startFiles = [join(folder, 'missing.sgf')];
    const bad = SelfPlayConfig.parse({ startShare: 1, startFiles });
    await expect(playOn(two, [0], { config: bad })).rejects.toThrow('missing.sgf: it cannot be read');
  });
});

test('what whoever is told of a game throws ends the play, and is what it rejects with', async () => {
  const pool = new SelfPlayPool({ workers: 2, concurrentGames: 2 });
  let told = 0;
  const playing = pool.play({
    net,
    config,
    seed: 1,
    generation: 2,
    indices: Array.from({ length: 40 }, (_, index) => index),
    resignBelow: 0,
    onGame: () => {
      if (++told === 3) throw new Error('no space left');
    },
  });
  await expect(playing).rejects.toThrow('no space left');
  expect(told).toBe(3);
  await pool.close();
});
