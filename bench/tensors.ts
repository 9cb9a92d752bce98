/**
 * Training positions and evaluations a second of two nets on two boards, on every backend of this machine, with
 * PyTorch on the same shapes beside them: `tengen bench tensors [--json]`. Every line is measured in a process of its own,
 * one after another, on one thread. Options of the script itself: --nets 4x32,6x96 --sizes 9,19 --batch 64 --threads 1
 * --only torch,pytorch --device cuda.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { median } from 'simple-statistics';
import { useBackend, type BackendName } from '#nets/backend/backends.ts';
import { batchLosses, randomBatch } from '#nets/batch.ts';
import { netFromModel } from '#nets/convert.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import { makeEvaluator } from '#nets/evaluator.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import { buildModel } from '#nets/model.ts';
import { Optimizer } from '#nets/optimizers/optimizer.ts';
import { nesterov } from '#nets/optimizers/rules.ts';
import { resnetSpec } from '#nets/spec.ts';
import { Position } from '#engine/go/position.ts';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { MAX_BOARD_SIDE, MIN_BOARD_SIDE } from '#engine/go/size.ts';
import { useStockWasm } from './baselines/stock-wasm.ts';
import { benchOptions, choiceOption, numberOption, shapeOption } from './common/arguments.ts';

/** What one process measures. */
type Ask = {
  readonly runner: string;
  readonly blocks: number;
  readonly channels: number;
  readonly size: number;
  readonly batch: number;
  readonly threads: number;
  readonly device?: string;
};
type Speeds = { readonly training: number | null; readonly inference: number | null };

const RUNNERS = ['pytorch', 'torch', 'tensorflow', 'webgpu', 'wasm', 'wasm-stock', 'onnxruntime'] as const;
const ROUNDS = 15;
const WARM_MS = 2000;
/** Nothing is measured for longer; a slow backend then has fewer rounds. */
const MOST_MS = 10_000;

/** Median seconds of up to `ROUNDS` runs, once `WARM_MS` have let the compiler see the code as a long training does. */
async function seconds(run: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  do await run();
  while (performance.now() - begin < WARM_MS);
  const times: number[] = [];
  while (times.length < ROUNDS && (times.length === 0 || performance.now() - begin < MOST_MS)) {
    const start = performance.now();
    await run();
    times.push((performance.now() - start) / 1000);
  }
  return median(times);
}

async function measure(ask: Ask): Promise<Speeds> {
  const { runner, blocks, channels, size, batch, threads, device } = ask;
  if (runner === 'onnxruntime') return { training: null, inference: await onnxSpeed(ask) };
  if (runner === 'wasm-stock') await useStockWasm();
  else await useBackend(runner as BackendName, { threads, ...(device === undefined ? {} : { device }) });
  const model = buildModel(resnetSpec(blocks, channels), 1);
  const positions = randomBatch(batch, size, 1);
  const optimizer = new Optimizer(model, nesterov(0.9));
  const training = await seconds(async () => {
    const { loss, gradientNorm } = optimizer.minimize(() => batchLosses(model, positions).total, 0.01);
    await loss.data();
    tf.dispose([loss, gradientNorm]);
  });
  const inference = await seconds(async () => {
    const outputs = model.predictOnBatch([positions.planes, positions.globals]) as tf.Tensor[];
    await Promise.all(outputs.map((output) => output.data()));
    tf.dispose(outputs);
  });
  return { training: batch / training, inference: batch / inference };
}

async function onnxSpeed({ blocks, channels, size, batch, threads }: Ask): Promise<number> {
  await useBackend('cpu');
  const spec = resnetSpec(blocks, channels);
  const net = await netFromModel(buildModel(spec, 1), spec, {});
  const evaluator = await makeEvaluator(net, { threads, maxBatch: 32 });
  const position = Position.start({ width: size, height: size, rules: RULE_PRESETS.chinese });
  const requests = Array.from({ length: batch }, (_, i) => ({ position, symmetry: i % 8 }));
  const time = await seconds(() => evaluateAll(evaluator, requests));
  await evaluator.close();
  return batch / time;
}

/** The Python named by PYTHON, or the first that has torch. */
function pythonWithTorch(): string {
  if (process.env.PYTHON !== undefined) return process.env.PYTHON;
  const hasTorch = (python: string): boolean => spawnSync(python, ['-c', 'import torch']).status === 0;
  return ['python3', '/usr/bin/python3'].find(hasTorch) ?? 'python3';
}

/** Runs one line in a process of its own; the reason where it cannot be measured. */
function inProcess(ask: Ask): Speeds | string {
  const [program, args] =
    ask.runner === 'pytorch'
      ? [pythonWithTorch(), [fileURLToPath(new URL('./pytorch.py', import.meta.url))]]
      : [process.execPath, [fileURLToPath(import.meta.url), '--one']];
  const more =
    ask.runner === 'pytorch'
      ? { planes: OWN_FEATURES.planes, globals: OWN_FEATURES.globals, rounds: ROUNDS }
      : {};
  const { status, stdout, stderr } = spawnSync(program, [...args, JSON.stringify({ ...ask, ...more })], {
    encoding: 'utf8',
  });
  if (status !== 0)
    return (
      stderr
        .trim()
        .split('\n')
        .findLast((line) => /Error|error/.test(line)) ?? `exit code ${status}`
    );
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null') as Speeds;
}

const values = benchOptions({
  /** What the bench asks of the processes that it starts. */
  one: { type: 'string' },
  nets: { type: 'string', default: '4x32,6x96' },
  sizes: { type: 'string', default: '9,19' },
  batch: { type: 'string', default: '64' },
  threads: { type: 'string', default: '1' },
  only: { type: 'string', default: RUNNERS.join(',') },
  device: { type: 'string' },
});

if (values.one !== undefined) {
  const speeds = await measure(JSON.parse(values.one) as Ask);
  console.log(JSON.stringify(speeds));
  process.exit(0);
}

const nets = values.nets.split(',').map((net) => shapeOption('nets', net));
const sizes = values.sizes
  .split(',')
  .map((size) => numberOption('sizes', size, { min: MIN_BOARD_SIDE, max: MAX_BOARD_SIDE }));
const runners = values.only.split(',').map((runner) => choiceOption('only', runner, RUNNERS));
const batch = numberOption('batch', values.batch, { min: 2, max: 65_536 });
const threads = numberOption('threads', values.threads, { min: 1, max: 256 });
const rows: Record<string, string | number | null>[] = [];
const notes = new Map<string, string>();
for (const [blocks, channels] of nets)
  for (const size of sizes) {
    const net = `${blocks}x${channels}`;
    const speeds = new Map<string, Speeds>();
    for (const runner of runners) {
      if (notes.has(runner)) continue;
      const { device } = values;
      const ask = { runner, blocks, channels, size, batch, threads };
      if (process.stderr.isTTY) process.stderr.write(`${net} on ${size}x${size}: ${runner}\n`);
      const measured = inProcess(device === undefined ? ask : { ...ask, device });
      if (typeof measured === 'string') notes.set(runner, measured);
      else speeds.set(runner, measured);
    }
    const ratio = (a: number | null | undefined, b: number | null | undefined): number | null =>
      a && b ? Number((a / b).toFixed(2)) : null;
    for (const [runner, { training, inference }] of speeds)
      rows.push({
        net,
        size,
        runner,
        'training/s': training === null ? null : Math.round(training),
        'evaluations/s': inference === null ? null : Math.round(inference),
        'training : pytorch': ratio(training, speeds.get('pytorch')?.training),
        'training : wasm-stock': ratio(training, speeds.get('wasm-stock')?.training),
      });
  }
if (values.json === true) console.log(JSON.stringify({ rows, missing: Object.fromEntries(notes) }));
else {
  console.table(rows);
  for (const [runner, why] of notes) console.log(`${runner} was not measured: ${why}`);
}
