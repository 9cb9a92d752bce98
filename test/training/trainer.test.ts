/** Training runs: resumed to the same bytes, measured on time, and plain about what is wrong with them. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import type { Trunk } from '#nets/architectures/trunk.ts';
import { namedSpec } from '#nets/architectures/named.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { modelFromNet } from '#nets/convert.ts';
import { loadNet } from '#nets/file.ts';
import { bagged } from '#training/bag.ts';
import { SupervisedConfig } from '#training/config.ts';
import type { GameData } from '#training/config.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import { resnetSpec } from '#nets/spec.ts';
import { buildDataset } from '#training/dataset.ts';
import type { Dataset } from '#training/dataset.ts';
import type { Side } from '#training/holdout.ts';
import { gameTask } from '#training/game-task.ts';
import type { Lesson } from '#training/lesson.ts';
import { writeLossPlot } from '#training/loss-plot.ts';
import { measureHeldOut } from '#training/measure.ts';
import { RunFolder } from '#training/run-folder.ts';
import { WRITTEN } from '#training/run-names.ts';
import { learningRateAt } from '#training/schedule.ts';
import type { Examples, Task } from '#training/task.ts';
import { trainSupervised } from '#training/trainer.ts';
import type { TrainResult } from '#training/trainer.ts';
import { randomGame } from './games.ts';

beforeAll(() => useBackend('wasm'));

const records = Array.from({ length: 12 }, (_, seed) => randomGame(seed, 5, 14));
const dataset = buildDataset([{ path: 'x', records }], {
  features: OWN_FEATURES,
  holdOut: 0.2,
  trainShare: 1,
});
const asked = {
  data: { kind: 'games', files: ['x'] },
  net: '1x4',
  batch: 8,
  steps: 120,
  every: 40,
  learner: { warmup: 5 },
};
const config = SupervisedConfig.parse(asked);
const taskOf = (of: SupervisedConfig, data: Pick<Dataset, Side> = dataset): Task =>
  gameTask(of, of.data as GameData, resnetSpec(1, 4), data);

const all = (of: Examples): Lesson => of.lesson([...Array(of.count).keys()]);

async function run(
  folder: RunFolder,
  stopAfter: number,
  of: SupervisedConfig = config,
  task: Task = taskOf(of),
): Promise<boolean> {
  let steps = 0;
  const options = {
    config: of,
    task,
    folder,
    now: () => 0,
    onStatus: () => undefined,
    shouldStop: () => ++steps >= stopAfter,
  };
  const result = await trainSupervised(options);
  if (!result.ok) throw new Error(result.message);
  return result.finished;
}

const newFolder = (): RunFolder => new RunFolder(mkdtempSync(join(tmpdir(), 'tengen-')));

test('a run that was stopped, torn and resumed ends in the same bytes as one that was not', async () => {
  const [straight, resumed] = [newFolder(), newFolder()];
  expect(await run(straight, Infinity)).toBe(true);
  expect(await run(resumed, 33)).toBe(false);
  // What a crash after the checkpoint leaves: a later line, and half a line.
  appendFileSync(resumed.file('metrics.jsonl'), '{"step":50,"samples":400,"totalLoss":9}\n{"step":6');
  expect(await run(resumed, Infinity)).toBe(true);
  const weights = [straight, resumed].map((folder) => {
    const loaded = loadNet(folder.file('net.safetensors'));
    return loaded.ok ? loaded.net.weights : loaded.message;
  });
  expect(weights[1]).toEqual(weights[0]);
  expect(readdirSync(resumed.path).filter((name) => !WRITTEN['.'](name))).toEqual([]);
  expect(resumed.metrics().map((m) => m.step)).toEqual([33, 40, 50, 80, 100, 120]);
  expect(resumed.metrics().at(-1)?.heldOutAccuracy).toEqual(straight.metrics().at(-1)?.heldOutAccuracy);
});

test('a run that draws by what its sampler is unsure of is resumed to the same bytes', async () => {
  const [plain, straight, resumed] = [newFolder(), newFolder(), newFolder()];
  const short = SupervisedConfig.parse({ ...asked, steps: 30 });
  await run(plain, Infinity, short);
  const loaded = loadNet(plain.file('net.safetensors'));
  if (!loaded.ok) throw new Error(loaded.message);
  // Opened anew, as by a new process.
  const open = (): Task => gameTask(short, short.data as GameData, resnetSpec(1, 4), dataset, loaded.net);
  await run(straight, Infinity, short, open());
  for (const stopAfter of [17, Infinity]) await run(resumed, stopAfter, short, open());
  expect(netBytes(resumed)).toEqual(netBytes(straight));
  expect(netBytes(straight)).not.toEqual(netBytes(plain));
});

test('with a bag a net learns from draws of the games by its seed', async () => {
  const bag = taskOf(SupervisedConfig.parse({ ...asked, bag: 5 }));
  const drawn = taskOf(config, { ...dataset, train: [...bagged(dataset.train, 5)] });
  const answersOf = async (task: Task): Promise<number[][][]> =>
    Promise.all(
      [all(task.examples), all(task.validation), (await task.lessons())(0)].map(async (lesson) => {
        const answers = await lesson.answers.array();
        lesson.dispose();
        return answers;
      }),
    );
  const whole = await answersOf(taskOf(config));
  const [examples, validation, lesson] = await answersOf(bag);
  expect([examples, validation, lesson]).toEqual(await answersOf(drawn));
  expect(validation).toEqual(whole[1]);
  expect(examples).not.toEqual(whole[0]);
  expect(lesson).not.toEqual(whole[2]);
});

test('held-out games are measured every `every` steps, whatever the rhythm of the other lines', async () => {
  const folder = newFolder();
  await run(folder, Infinity);
  const measured = folder.metrics().filter((metrics) => metrics.heldOutAccuracy !== undefined);
  expect(measured.map((metrics) => metrics.step)).toEqual([40, 80, 120]);
});

test('what is measured in the end is the net that is saved, not one with the statistics of weights before', async () => {
  const folder = newFolder();
  const averaging = SupervisedConfig.parse({ ...asked, steps: 40, learner: { averageDecay: 0.9 } });
  await run(folder, Infinity, averaging);
  const loaded = loadNet(folder.file('net.safetensors'));
  const made = loaded.ok ? modelFromNet(loaded.net) : loaded;
  if (!made.ok) throw new Error(made.message);
  expect(folder.metrics().at(-1)).toMatchObject(
    await measureHeldOut(made.model, taskOf(averaging).validation),
  );
  made.model.dispose();
});

/** Trains on positions whose globals are this number. */
async function diverge(net: string, number: number, of: SupervisedConfig = config): Promise<TrainResult> {
  const named = namedSpec(net);
  if (!named.ok) throw new Error(named.message);
  const [game] = dataset.train;
  const { positions } = game;
  const broken = { ...game, positions: { ...positions, globals: positions.globals.map(() => number) } };
  return await trainSupervised({
    config: of,
    task: gameTask(of, of.data as GameData, named.spec, { ...dataset, train: [broken] }),
    folder: newFolder(),
    now: () => 0,
    onStatus: () => undefined,
    shouldStop: () => false,
  });
}

test('a run whose loss is no number any more says so, and gives its weights back', async () => {
  const before = tf.memory().numTensors;
  expect(await diverge('1x4', NaN)).toMatchObject({
    ok: false,
    reason: 'diverged',
    message: expect.stringMatching(/^at step 1 the loss became NaN; start again with a lower/),
  });
  expect(tf.memory().numTensors).toBe(before);
});

test('a run that is measured right after the step that broke its net has diverged, and what it wrote is still read', async () => {
  const named = namedSpec('plain-20:4');
  if (!named.ok) throw new Error(named.message);
  const { spec } = named;
  const folder = newFolder();
  const wild = SupervisedConfig.parse({
    ...asked,
    every: 1,
    learner: { learningRate: 10, warmup: 0, clipNorm: 1e9 },
  });
  const result = await trainSupervised({
    config: wild,
    task: gameTask(
      wild,
      wild.data as GameData,
      { ...spec, trunk: { ...spec.trunk, norm: false } as Trunk },
      dataset,
    ),
    folder,
    now: () => 0,
    onStatus: () => undefined,
    shouldStop: () => false,
  });
  expect(result).toMatchObject({
    ok: false,
    reason: 'diverged',
    message: expect.stringMatching(/^at step \d+ heldOut/),
  });
  expect(folder.metrics()).toBeInstanceOf(Array);
});

test('the learning rate of a line is that of its step', async () => {
  const folder = newFolder();
  const short = SupervisedConfig.parse({ ...asked, steps: 4, every: 2, learner: { warmup: 2 } });
  await run(folder, Infinity, short);
  expect(folder.metrics().map(({ learningRate }) => learningRate)).toEqual(
    [1, 3].map((step) => learningRateAt(short.learner, step)),
  );
});

test('a run whose last step breaks its net has diverged, though the loss before it was a number', async () => {
  const last = SupervisedConfig.parse({ ...asked, steps: 1, learner: {} });
  // The square of it, a variance, is infinite in float32.
  expect(await diverge('1x4', 1e25, last)).toMatchObject({
    ok: false,
    reason: 'diverged',
    message: expect.stringMatching(/^at step 1 \S+ is no longer finite; start again/),
  });
});

test('a run whose differential equation cannot be solved has diverged too', async () => {
  expect(await diverge('ode:4', NaN)).toMatchObject({
    ok: false,
    reason: 'diverged',
    message: expect.stringMatching(
      /^at step 1 the differential equation of sample 0 needs a step of NaN .* start again/,
    ),
  });
});

test('metrics torn by a crash lose their last line; damage anywhere else is named, not dropped', async () => {
  const folder = newFolder();
  folder.append({ step: 1, totalLoss: 2 });
  appendFileSync(folder.file('metrics.jsonl'), '{"step":2');
  expect(folder.metrics()).toEqual([{ step: 1, totalLoss: 2 }]);
  expect(folder.truncateMetrics(5)).toBe(null);
  appendFileSync(folder.file('metrics.jsonl'), '{"step":"two"}\n');
  expect(folder.truncateMetrics(5)).toContain('metrics.jsonl: line 2 is damaged');
  expect(() => folder.metrics()).toThrow('line 2');
});

test.each(['null', '7', '[]', '{}', ''])('a line of metrics that is %j is damaged', (line) => {
  const folder = newFolder();
  writeFileSync(folder.file('metrics.jsonl'), `${line}\n`);
  expect(folder.truncateMetrics(5)).toContain('metrics.jsonl: line 1 is damaged');
});

test('metrics that cannot be read or written are the error of the system, with their path', () => {
  const folder = newFolder();
  const path = folder.file('metrics.jsonl');
  mkdirSync(path);
  expect(() => folder.metrics()).toThrow(expect.objectContaining({ code: 'EISDIR', path }));
  expect(() => folder.append({ step: 1 })).toThrow(expect.objectContaining({ code: 'EISDIR', path }));
});

test.skipIf(!existsSync('/dev/full'))('a full disk under the metrics is named with its path', () => {
  const folder = newFolder();
  const path = folder.file('metrics.jsonl');
  symlinkSync('/dev/full', path);
  expect(() => folder.append({ step: 1 })).toThrow(expect.objectContaining({ code: 'ENOSPC', path }));
});

test('a folder with a file missing that a run always has is refused, and a new or whole one is not', async () => {
  const folder = newFolder();
  expect(folder.missingFile()).toBe(null);
  folder.writeConfig(config);
  expect(folder.missingFile()).toBe(null);
  await run(folder, 3);
  expect(folder.missingFile()).toBe(null);
  rmSync(folder.file('checkpoint.safetensors'));
  expect(folder.missingFile()).toMatch(
    /checkpoint\.safetensors: it is missing, though .*metrics\.jsonl tells of steps; put it back, or remove the metrics to start again at step 0$/,
  );
  rmSync(folder.file('metrics.jsonl'));
  expect(folder.missingFile()).toBe(null);
  rmSync(folder.file('config.json'));
  expect(folder.missingFile()).toMatch(
    /config\.json: it is missing, though net\.safetensors is there; put it back, or choose a new --out$/,
  );
});

test('a run that was killed before its first measurement starts again at step 0', async () => {
  const folder = newFolder();
  await run(folder, 1);
  // The checkpoint that a run makes before its first step.
  rmSync(folder.file('checkpoint.safetensors'));
  rmSync(folder.file('metrics.jsonl'));
  const killed = {
    config,
    task: taskOf(config),
    folder,
    now: () => 0,
    onStatus: () => undefined,
    shouldStop: () => {
      throw new Error('killed');
    },
  };
  await expect(trainSupervised(killed)).rejects.toThrow('killed');
  folder.append({ step: 1, totalLoss: 9 });
  await run(folder, Infinity);
  expect(folder.metrics().map((m) => m.step)).toEqual([40, 50, 80, 100, 120]);
});

test('a config that cannot be read is not called invalid JSON', () => {
  const folder = newFolder();
  mkdirSync(folder.file('config.json'));
  expect(folder.readConfig()).toMatch(/config\.json: cannot be read \(EISDIR\)$/);
});

test('a run of an earlier version, which held other games out, does not go on', () => {
  const folder = newFolder();
  const { version: _, ...before } = config;
  writeFileSync(folder.file('config.json'), JSON.stringify(before));
  expect(folder.readConfig()).toMatch(
    /an earlier version, which held other games out .* choose a new --out$/,
  );
  folder.writeConfig(config);
  expect(folder.readConfig()).toEqual(config);
});

test('training lowers the loss, and its picture shows every curve', async () => {
  const folder = newFolder();
  await run(folder, Infinity);
  const metrics = folder.metrics();
  expect(metrics.at(-1)?.totalLoss).toBeLessThan(metrics[0].totalLoss);
  writeLossPlot(folder);
  const svg = readFileSync(folder.file('loss.svg'), 'utf8');
  expect(svg).toMatch(/^<svg/);
  expect(svg).not.toContain('NaN');
  expect(svg).toContain('training examples');
});

test('the learning rate rises linearly, peaks, and falls to nothing', () => {
  expect(learningRateAt(config.learner, 0)).toBeCloseTo(config.learner.learningRate / 5);
  expect(learningRateAt(config.learner, 5)).toBeCloseTo(config.learner.learningRate);
  expect(learningRateAt(config.learner, 120)).toBeCloseTo(0);
});

test('the learner is set by what a run of so many steps needs, unless it is asked otherwise', () => {
  const parse = (learner: object): unknown => SupervisedConfig.parse({ ...asked, learner }).learner;
  expect(parse({})).toMatchObject({
    optimizer: 'nesterov',
    learningRate: 0.03,
    averageDecay: null,
    warmup: 12,
    schedule: { kind: 'cosine', steps: 120 },
    lossWeights: { reply: 0, policy: 1 },
  });
  expect(parse({ optimizer: 'adamw', lossWeights: { reply: 0.2 } })).toMatchObject({
    learningRate: 1e-3,
    lossWeights: { reply: 0.2 },
  });
  expect(parse({ schedule: { kind: 'cyclic', cycles: 3 } })).toMatchObject({
    schedule: { kind: 'cyclic', steps: 120, cycles: 3 },
  });
  expect(parse({ schedule: { kind: 'constant' } })).toMatchObject({ schedule: { kind: 'constant' } });
  const { steps: _, ...short } = asked;
  expect(SupervisedConfig.parse(short)).toMatchObject({
    steps: 20_000,
    learner: { schedule: { steps: 20_000 } },
  });
  expect(SupervisedConfig.parse(JSON.parse(JSON.stringify(config)))).toEqual(config);
});

test.each([
  [{ nett: '1x4' }, 'nett'],
  [{ learner: { rate: 1 } }, 'rate'],
  [{ data: { kind: 'games', files: [] } }, 'data.files'],
  [{ data: { kind: 'images', folder: 'x', augment: { crop: 2 } } }, 'data.augment.crop'],
  [{ data: { kind: 'images', folder: 'x', sampler: 'y' } }, 'sampler'],
  [{ patience: 3, holdOut: 0 }, 'patience needs a share that is held out'],
  [
    { learner: { schedule: { kind: 'cyclic', steps: 60, cycles: 2 } } },
    'learner.schedule.steps the cycles share',
  ],
])('%j is refused by name', (change, name) => {
  const parsed = SupervisedConfig.safeParse({ ...asked, ...change });
  const [issue] = parsed.error?.issues ?? [];
  expect(`${issue.path.join('.')} ${issue.message}`).toContain(name);
});

const netBytes = (folder: RunFolder): Buffer => readFileSync(folder.file('net.safetensors'));

test('each cycle of the rate ends with a snapshot, the last of which is the net', async () => {
  const folder = newFolder();
  const cyclic = SupervisedConfig.parse({
    ...asked,
    steps: 50,
    learner: { warmup: 0, schedule: { kind: 'cyclic', cycles: 3 } },
  });
  await run(folder, Infinity, cyclic);
  const snapshots = readdirSync(folder.path).filter((name) => name.startsWith('snapshot'));
  expect(snapshots.toSorted()).toEqual([1, 2, 3].map((n) => `snapshot-${n}.safetensors`));
  expect(readFileSync(folder.file('snapshot-3.safetensors'))).toEqual(netBytes(folder));
  expect(readFileSync(folder.file('snapshot-1.safetensors'))).not.toEqual(netBytes(folder));
  const ends = [1, 2, 3].map((n) => {
    const loaded = loadNet(folder.file(`snapshot-${n}.safetensors`));
    return loaded.ok && loaded.net.provenance.step;
  });
  expect(ends).toEqual([17, 34, 50]);
});

/** A task whose loss on what was held out is told by the step, and whose lessons are those of the dataset. */
function taskWithCurve(of: SupervisedConfig, lossAt: (measurement: number) => number): Task {
  let measurement = 0;
  const task = taskOf(of);
  return {
    ...task,
    validation: {
      count: 1,
      lesson: (indices) => ({
        ...task.validation.lesson(indices),
        measures: () => ({ curve: tf.scalar(lossAt(++measurement)), accuracy: tf.scalar(0) }),
        weights: { curve: 1 },
      }),
    },
  };
}

test('on a loss that falls and rises again a run ends after its patience, with the net of the lowest', async () => {
  const short = SupervisedConfig.parse({ ...asked, every: 10, patience: 3 });
  const [folder, whole] = [newFolder(), newFolder()];
  const options = { folder, now: () => 0, onStatus: () => undefined, shouldStop: () => false };
  const result = await trainSupervised({
    ...options,
    config: short,
    // Lowest at the fourth measurement, after 40 steps.
    task: taskWithCurve(short, (measurement) => (measurement - 4) ** 2 + 1),
  });
  expect(result).toEqual({ ok: true, step: 70, finished: true });
  // What the same run knew after 40 steps.
  await run(whole, 40, SupervisedConfig.parse({ ...asked, every: 10 }));
  const [best, then] = [folder, whole].map((of) => {
    const loaded = loadNet(of.file('net.safetensors'));
    if (!loaded.ok) throw new Error(loaded.message);
    return loaded.net;
  });
  expect(best.weights).toEqual(then.weights);
  expect(best.provenance).toMatchObject({ step: 40 });
  // A run that is stopped after its best and goes on still ends with it.
  const stopped = newFolder();
  await run(
    stopped,
    55,
    short,
    taskWithCurve(short, (measurement) => (measurement - 4) ** 2 + 1),
  );
  await run(
    stopped,
    Infinity,
    short,
    taskWithCurve(short, () => 99),
  );
  expect(netBytes(stopped)).toEqual(netBytes(folder));
  // Finished runs have nothing to go on with.
  const again = await trainSupervised({ ...options, config: short, task: taskWithCurve(short, () => 0) });
  expect(again).toEqual({ ok: true, step: 70, finished: true });
});

test('patience is counted alike by a run that was stopped in between, whose own measurement does not count', async () => {
  const patient = SupervisedConfig.parse({ ...asked, every: 10, patience: 2, learner: { learningRate: 1 } });
  const [straight, resumed] = [newFolder(), newFolder()];
  await run(straight, Infinity, patient);
  for (const stop of [7, 13, 24]) await run(resumed, stop, patient);
  await run(resumed, Infinity, patient);
  expect(netBytes(resumed)).toEqual(netBytes(straight));
  const steps = straight.metrics().map(({ step }) => step);
  expect(resumed.metrics().at(-1)?.step).toBe(steps.at(-1));
});

test('patience does not go on from metrics that were lost, and no patience does', async () => {
  const patient = SupervisedConfig.parse({ ...asked, every: 10, patience: 5 });
  const folder = newFolder();
  await run(folder, 23, patient);
  const whole = readFileSync(folder.file('metrics.jsonl'), 'utf8');
  for (const rest of ['', whole.slice(0, whole.lastIndexOf('\n', whole.length - 2) + 1)]) {
    writeFileSync(folder.file('metrics.jsonl'), rest);
    await expect(run(folder, 1, patient)).rejects.toThrow(
      /metrics\.jsonl: it ends before step 23, that of the checkpoint, and patience goes by what it tells/,
    );
  }
  expect(await run(folder, 1, { ...patient, patience: null })).toBe(false);
});
