/** Training runs: resumed to the same bytes, measured on time, and plain about what is wrong with them. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { loadNet } from '#nets/file.ts';
import { SupervisedConfig, learnerConfig } from '#training/config.ts';
import { learningRateAt } from '#training/schedule.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import { buildDataset } from '#training/dataset.ts';
import { writeLossPlot } from '#training/loss-plot.ts';
import { RunFolder } from '#training/run-folder.ts';
import { trainSupervised } from '#training/trainer.ts';
import { randomGame } from './games.ts';

beforeAll(() => useBackend('wasm'));

const records = Array.from({ length: 12 }, (_, seed) => randomGame(seed, 5, 14));
const dataset = buildDataset([{ path: 'x', records }], { features: OWN_FEATURES, holdOut: 0.2 });
const config = SupervisedConfig.parse({
  games: ['x'],
  blocks: 1,
  channels: 4,
  batch: 8,
  steps: 120,
  every: 40,
  warmup: 5,
});

async function run(folder: RunFolder, stopAfter: number): Promise<boolean> {
  let steps = 0;
  const options = {
    config,
    dataset,
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
  expect(resumed.metrics().map((m) => m.step)).toEqual([33, 40, 50, 80, 100, 120]);
  expect(resumed.metrics().at(-1)?.heldOutAccuracy).toEqual(straight.metrics().at(-1)?.heldOutAccuracy);
});

test('held-out games are measured every `every` steps, whatever the rhythm of the other lines', async () => {
  const folder = newFolder();
  await run(folder, Infinity);
  const measured = folder.metrics().filter((metrics) => metrics.heldOutAccuracy !== undefined);
  expect(measured.map((metrics) => metrics.step)).toEqual([40, 80, 120]);
});

test('a run whose loss is no number any more says so, and gives its weights back', async () => {
  const options = {
    config: { ...config, learningRate: 10, warmup: 0, weightDecay: 0 },
    dataset,
    now: () => 0,
    onStatus: () => undefined,
    shouldStop: () => false,
  };
  const before = tf.memory().numTensors;
  const [game] = dataset.train;
  const { positions } = game;
  const broken = { ...game, positions: { ...positions, globals: positions.globals.map(() => NaN) } };
  const result = await trainSupervised({
    ...options,
    dataset: { ...dataset, train: [broken] },
    folder: newFolder(),
  });
  expect(result).toMatchObject({
    ok: false,
    reason: 'diverged',
    message: expect.stringContaining('the loss became NaN at step 1'),
  });
  expect(tf.memory().numTensors).toBe(before);
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
    dataset,
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

test('training lowers the loss, and its picture shows every curve', async () => {
  const folder = newFolder();
  await run(folder, Infinity);
  const metrics = folder.metrics();
  expect(metrics.at(-1)?.totalLoss).toBeLessThan(metrics[0].totalLoss);
  writeLossPlot(folder);
  const svg = readFileSync(folder.file('loss.svg'), 'utf8');
  expect(svg).toMatch(/^<svg/);
  expect(svg).not.toContain('NaN');
  expect(svg).toContain('training positions');
});

test('the learning rate rises linearly, peaks, and falls to nothing', () => {
  expect(learningRateAt(learnerConfig(config), 0)).toBeCloseTo(config.learningRate / 5);
  expect(learningRateAt(learnerConfig(config), 5)).toBeCloseTo(config.learningRate);
  expect(learningRateAt(learnerConfig(config), 120)).toBeCloseTo(0);
});

test('a config of a run from before there were several optimizers means what it meant', () => {
  const old = { games: ['x'], blocks: 2, channels: 8, steps: 10 };
  expect(SupervisedConfig.parse(old)).toMatchObject({
    optimizer: 'nesterov',
    learningRate: 0.03,
    weightDecay: 1e-3,
    clipNorm: null,
  });
  expect(SupervisedConfig.parse({ ...old, optimizer: 'adamw' }).learningRate).toBe(1e-3);
});

test('unknown options are refused by name', () => {
  const parsed = SupervisedConfig.safeParse({ games: ['x'], chanels: 8 });
  expect(parsed.success).toBe(false);
  expect(parsed.error?.issues[0].message).toContain('chanels');
});
