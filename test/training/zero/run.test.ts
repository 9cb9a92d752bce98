/** The loop of self-play training: what it makes depends on its config alone. */
import { appendFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { loadNet, loadState } from '#nets/file.ts';
import { Ratings } from '#selfplay/run/run-files.ts';
import type { GenerationStatistics } from '#selfplay/run/run-files.ts';
import { readShard } from '#selfplay/shards/shard-file.ts';
import { WRITTEN } from '#training/run-names.ts';
import { ZeroConfig } from '#training/zero/config.ts';
import { RunProgress } from '#training/zero/progress.ts';
import type { ZeroFolder } from '#training/zero/zero-folder.ts';
import { TINY, bytesOf, newFolder, runIn } from './tiny-run.ts';

let straight: ZeroFolder;
let expected: Record<string, unknown>;

beforeAll(async () => {
  await useBackend('wasm');
  straight = newFolder();
  expect(await runIn(straight)).toEqual({ ok: true, generation: 3, finished: true });
  expected = bytesOf(straight);
});

test('a run makes a shard and a net for each generation, a ladder, and a net to use', () => {
  const generations = straight.generations() as GenerationStatistics[];
  expect(generations.map(({ generation }) => generation)).toEqual([0, 1, 2]);
  for (const { shard, games, positions } of generations) {
    const read = readShard(join(straight.gamesPath, shard));
    if (!read.ok) throw new Error(read.message);
    expect(read.note).toBe(null);
    expect(read.games.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(games).toBe(6);
    expect(positions).toBe(read.games.reduce((sum, game) => sum + game.positions.length, 0));
  }
  for (const generation of [0, 1, 2, 3]) expect(loadNet(straight.netOf(generation)).ok).toBe(true);
  const ratings = Ratings.parse(JSON.parse(readFileSync(join(straight.path, 'ratings.json'), 'utf8')));
  expect(ratings.players.map(({ name }) => name).toSorted()).toEqual(
    expect.arrayContaining(['G0', 'G3', 'random']),
  );
  const best = ratings.players.find(({ name }) => name === ratings.best);
  expect(readFileSync(straight.netPath)).toEqual(readFileSync(straight.netOf(best?.generation ?? -1)));
});

test('every file of a run has a name that is known, by which a torn one is found', () => {
  const of = (part: string): string[] => readdirSync(join(straight.path, part));
  const unknown = Object.entries(WRITTEN).flatMap(([part, isOurs]) =>
    of(part).filter((name) => !isOurs(name)),
  );
  expect(unknown.toSorted()).toEqual(['games', 'nets']);
  expect(WRITTEN.games(basename(straight.partOf(0)))).toBe(true);
});

test('the first games are learned from before the next are played, and count no more than others', () => {
  const [random, first] = [0, 1].map((generation) => {
    const loaded = loadNet(straight.netOf(generation));
    if (!loaded.ok) throw new Error(loaded.message);
    return loaded.net.weights;
  });
  expect(first).not.toEqual(random);
  const generations = straight.generations() as GenerationStatistics[];
  const last = loadNet(straight.netOf(3));
  const learned = generations.slice(0, -1).reduce((sum, { positions }) => sum + positions, 0);
  const { trainPerPosition, batch } = ZeroConfig.parse(TINY);
  // Rounded once for all of them.
  const steps = last.ok ? Number(last.net.provenance.step) : NaN;
  expect(Math.abs(steps - (trainPerPosition * learned) / batch)).toBeLessThanOrEqual(0.5);
});

test('a run that goes on counts what went into a generation that was not finished, if it was told', async () => {
  const folder = newFolder();
  await runIn(folder, { generations: 1 });
  const spent = { seconds: 7, games: 0, moves: 0, evaluations: 1e6, batches: 1 };
  folder.writeLive({ ...new RunProgress(() => 0).read(0), generation: 1, spent, runSeconds: 599 });
  await runIn(folder, { generations: 2 });
  writeFileSync(join(folder.path, 'live.json'), 'torn');
  await runIn(folder, { generations: 3 });
  const generations = folder.generations() as GenerationStatistics[];
  expect(generations.map(({ runSeconds }) => runSeconds)).toEqual([0, 599, 599]);
  expect(generations.map(({ seconds }) => seconds)).toEqual([0, 7, 0]);
  expect(generations.map(({ evaluations }) => evaluations > 1e6)).toEqual([false, true, false]);
});

test('a net of a run is the average of the weights, with statistics of its own', () => {
  const [net, checkpoint] = [straight.netOf(3), straight.checkpointPath].map((path) => {
    const loaded = loadState(path);
    if (!loaded.ok) throw new Error(loaded.message);
    return loaded.net.weights;
  });
  for (const [name, weight] of net) {
    const average = checkpoint.get(`average/${name}`);
    if (/moving_(mean|variance)$/.test(name)) expect(weight, name).not.toEqual(average);
    else expect(weight, name).toEqual(average);
  }
});

test('two workers, and the same run again, make the same bytes', async () => {
  const again = newFolder();
  await runIn(again, {}, { workers: 2 });
  expect(bytesOf(again)).toEqual(expected);
});

test('another seed makes other games', async () => {
  const other = newFolder();
  await runIn(other, { seed: 2, generations: 1 });
  const shard = readdirSync(straight.gamesPath).find((name) => name.startsWith('G000000'));
  expect(readdirSync(other.gamesPath)).not.toContain(shard);
});

test('a run that was stopped at every event and went on equals its uninterrupted twin', async () => {
  const stopped = newFolder();
  let stops = 0;
  for (;;) {
    const controller = new AbortController();
    const result = await runIn(stopped, {}, { signal: controller.signal, onEvent: () => controller.abort() });
    if (!result.ok) throw new Error(result.message);
    if (result.finished) break;
    expect(++stops).toBeLessThan(40);
  }
  expect(stops).toBeGreaterThan(5);
  expect(bytesOf(stopped)).toEqual(expected);
});

test('more generations than before let a finished run go on as if it had been longer from the start', async () => {
  const grown = newFolder();
  await runIn(grown, { generations: 2, judge: { every: 0 } });
  await runIn(grown, { generations: 3, judge: { every: 0 } });
  const longer = newFolder();
  await runIn(longer, { judge: { every: 0 } });
  expect(bytesOf(grown)).toEqual(bytesOf(longer));
});

test('a teacher plays all games while another net learns', async () => {
  const distilled = newFolder();
  const teacher = straight.netOf(3);
  await runIn(distilled, {
    teacher,
    selfPlay: { boards: [{ size: 3, komi: 1 }], visits: 4, recordCheap: true },
  });
  const nets = (distilled.generations() as GenerationStatistics[]).map(({ net }) => net);
  expect(new Set(nets).size).toBe(1);
  expect(await runIn(distilled, { teacher: straight.netOf(1), generations: 4 })).toEqual({
    ok: false,
    reason: 'damaged',
    message: `${straight.netOf(1)}: it is not the net that has played for this run before; put that one back, or choose a new --out`,
  });
  expect(readFileSync(distilled.netOf(3))).not.toEqual(readFileSync(distilled.netOf(0)));
});

test('a gate that nobody passes keeps the first net playing', async () => {
  const gated = newFolder();
  await runIn(gated, { judge: { every: 0, games: 2, visits: 1, gate: 1 }, generations: 2 });
  const nets = (gated.generations() as GenerationStatistics[]).map(({ net }) => net);
  expect(new Set(nets).size).toBe(1);
});

test('what is damaged is named, with what to do', async () => {
  const folder = newFolder();
  await runIn(folder, { generations: 1, judge: { every: 0 } });
  const checkpoint = readFileSync(folder.checkpointPath);
  writeFileSync(folder.checkpointPath, checkpoint.subarray(0, 1000));
  expect(await runIn(folder, { generations: 2 })).toMatchObject({
    ok: false,
    reason: 'damaged',
    message: expect.stringMatching(
      /^(?!.*checkpoint.*checkpoint).*checkpoint\.safetensors: .*; put a sound copy there, or choose a new --out$/,
    ) as string,
  });
  rmSync(folder.checkpointPath);
  expect(await runIn(folder, { generations: 2 })).toMatchObject({ ok: false, reason: 'damaged' });
  writeFileSync(folder.checkpointPath, checkpoint);
  appendFileSync(join(folder.path, 'generations.jsonl'), 'no line\n');
  expect(await runIn(folder, { generations: 2 })).toMatchObject({
    ok: false,
    message: expect.stringContaining('generations.jsonl: line 2 is damaged') as string,
  });
});

test('a generation that is missing among those told is named, and none is learned from twice', async () => {
  const folder = newFolder();
  await runIn(folder, { generations: 3, judge: { every: 0 } });
  const path = join(folder.path, 'generations.jsonl');
  const [first, , third] = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, `${first}\n${third}\n`);
  expect(await runIn(folder, { generations: 4 })).toEqual({
    ok: false,
    reason: 'damaged',
    message: `${path}: line 2 is of generation 2, and has to be of 1; put a sound copy there, or choose a new --out`,
  });
});

test('lines that are missing at the end of the generations told are named, not the newer checkpoint', async () => {
  const folder = newFolder();
  await runIn(folder, { generations: 3, judge: { every: 0 } });
  const [first, second] = readFileSync(folder.generationsPath, 'utf8').split('\n');
  const refused = (generation: number): object => ({
    ok: false,
    reason: 'damaged',
    message: `${folder.generationsPath}: the lines from generation ${generation} on are missing, though the checkpoint is of generation 3; put a sound copy there, or choose a new --out`,
  });
  writeFileSync(folder.generationsPath, `${first}\n`);
  expect(await runIn(folder, { generations: 4 })).toEqual(refused(1));
  rmSync(folder.generationsPath);
  expect(await runIn(folder, { generations: 4 })).toEqual(refused(0));
  // The last generation alone is written down again.
  writeFileSync(folder.generationsPath, `${first}\n${second}\n`);
  expect(await runIn(folder, { generations: 3, judge: { every: 0 } })).toMatchObject({ finished: true });
});

test('games in play that are none are named, and their file may be deleted', async () => {
  const folder = newFolder();
  await runIn(folder, { generations: 1, judge: { every: 0 } });
  writeFileSync(folder.partOf(1), 'no games');
  expect(await runIn(folder, { generations: 2, judge: { every: 0 } })).toEqual({
    ok: false,
    reason: 'damaged',
    message: `${folder.partOf(1)}: this is not a file of self-play games; delete it, so that its games are played again`,
  });
  rmSync(folder.partOf(1));
  expect(await runIn(folder, { generations: 2, judge: { every: 0 } })).toMatchObject({ finished: true });
});

test('a net that is to play and is missing is named, with what to do', async () => {
  const folder = newFolder();
  await runIn(folder, { generations: 1, judge: { every: 0 } });
  rmSync(folder.netOf(1));
  expect(await runIn(folder, { generations: 2 })).toEqual({
    ok: false,
    reason: 'damaged',
    message: `${folder.netOf(1)}: there is no such net file; put a sound copy there, or choose a new --out`,
  });
});

test('a run whose games are too few for a step says so on its way, and in the end that it learned nothing', async () => {
  const folder = newFolder();
  const notes: string[] = [];
  const result = await runIn(folder, { trainPerPosition: 0.02, judge: { every: 0 } }, { notes });
  const few = expect.stringMatching(/^Nothing is learned yet: of the 400 positions for a step/) as string;
  expect(notes).toEqual([few]);
  expect(result).toEqual({ ok: false, reason: 'unlearned', message: few });
});

test('a damaged shard costs its games, not the run', async () => {
  const folder = newFolder();
  await runIn(folder, { generations: 2, judge: { every: 0 } });
  const [name] = readdirSync(folder.gamesPath);
  const path = join(folder.gamesPath, name);
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] ^= 255;
  writeFileSync(path, bytes);
  const notes: string[] = [];
  expect(await runIn(folder, { generations: 3, judge: { every: 0 } }, { notes })).toMatchObject({
    finished: true,
  });
  expect(notes).toEqual([expect.stringContaining('of its 6 games 5 can be read')]);
});

test('a run whose only shard is lost plays on and learns from what comes', async () => {
  const folder = newFolder();
  await runIn(folder, { generations: 1, judge: { every: 0 } });
  for (const name of readdirSync(folder.gamesPath)) writeFileSync(join(folder.gamesPath, name), 'nothing');
  const notes: string[] = [];
  expect(await runIn(folder, { generations: 3, judge: { every: 0 } }, { notes })).toMatchObject({
    finished: true,
  });
  expect(notes).toEqual([expect.stringContaining('the run goes on without these games')]);
});
