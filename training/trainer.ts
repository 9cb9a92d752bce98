/** Supervised training of one net: steps, measurements on held-out games, checkpoints and exact resumption. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { weightsOf } from '#nets/convert.ts';
import { saveNet } from '#nets/file.ts';
import { batchLosses, disposeBatch } from '#nets/batch.ts';
import { netLosses } from '#nets/loss.ts';
import { buildModel } from '#nets/model.ts';
import { Momentum } from '#nets/optimizers/momentum.ts';
import { Sampler, makeBatch } from './batch.ts';
import { restoreCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { learningRateAt, netSpec } from './config.ts';
import type { SupervisedConfig } from './config.ts';
import type { Dataset, GameSamples } from './dataset.ts';
import type { Metrics, RunFolder } from './run-folder.ts';

/** Share of its velocity that a weight keeps at each step; the usual value (Sutskever et al. 2013 try 0.9 to 0.999). */
const MOMENTUM = 0.9;
/** Held-out positions measured during training, for a standard error of 1.1% in accuracy; `net eval` measures all. */
const MEASURED_POSITIONS = 2048;
/** Held-out positions in a batch; any number gives the same means. */
const MEASURED_AT_ONCE = 128;
/** Steps between lines of metrics, besides those with a measurement. */
const LOG_EVERY = 50;

export type TrainingStatus = {
  readonly metrics: Metrics;
  readonly positionsPerSecond: number;
  readonly etaSeconds: number;
};

export type TrainOptions = {
  readonly config: SupervisedConfig;
  readonly dataset: Dataset;
  readonly folder: RunFolder;
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
  readonly onStatus: (status: TrainingStatus) => void;
  /** Asked after every step; true checkpoints and stops. */
  readonly shouldStop: () => boolean;
};

export type TrainResult =
  | { readonly ok: true; readonly step: number; readonly finished: boolean }
  | { readonly ok: false; readonly reason: 'damaged' | 'diverged'; readonly message: string };

/** One step. @returns the named losses before it. */
async function trainStep(
  model: LayersModel,
  optimizer: Momentum,
  sampler: Sampler,
  config: SupervisedConfig,
  step: number,
): Promise<Record<string, number>> {
  const batch = makeBatch(sampler.draw(config.batch, config.seed, step));
  let terms: Record<string, tf.Scalar> = {};
  const loss = optimizer.minimize(
    () => {
      const { total, ...parts } = batchLosses(model, batch);
      terms = Object.fromEntries(
        Object.entries(parts).map(([name, term]) => [name, tf.keep(tf.clone(term))]),
      );
      return total;
    },
    learningRateAt(config, step),
  );
  // A GPU answers only to those who wait.
  const losses: Record<string, number> = {};
  for (const [name, term] of Object.entries({ ...terms, total: loss }))
    [losses[`${name}Loss`]] = await term.data();
  tf.dispose([terms, loss]);
  disposeBatch(batch);
  return losses;
}

/** Top-1 accuracy, losses and value error on (a fixed sample of) games. */
async function measure(model: LayersModel, games: readonly GameSamples[]): Promise<Record<string, number>> {
  const sampler = new Sampler(games);
  const count = Math.min(MEASURED_POSITIONS, sampler.positions);
  const sums: Record<string, number> = {};
  for (let from = 0; from < count; from += MEASURED_AT_ONCE) {
    const indices = Array.from({ length: Math.min(MEASURED_AT_ONCE, count - from) }, (_, i) =>
      Math.floor(((from + i) * sampler.positions) / count),
    );
    const batch = makeBatch(indices.map((index) => sampler.at(index, 0)));
    const terms = tf.tidy(() => {
      const outputs = model.apply([batch.planes, batch.globals], { training: false }) as tf.Tensor[];
      const hits = tf.equal(tf.argMax(outputs[0], 1), tf.argMax(batch.targets.policy, 1));
      return { ...netLosses(outputs, batch.targets), accuracy: tf.mean(tf.cast(hits, 'float32')) };
    });
    for (const [name, term] of Object.entries(terms)) {
      const key = `heldOut${name[0].toUpperCase()}${name.slice(1)}`;
      const [mean] = await term.data();
      sums[key] = (sums[key] ?? 0) + (mean * indices.length) / count;
    }
    tf.dispose(terms);
    disposeBatch(batch);
  }
  return sums;
}

/**
 * Trains from the folder's checkpoint, where it has one, to the end of the schedule or until asked to stop; either way
 * the folder can be resumed or is finished.
 */
export async function trainSupervised(options: TrainOptions): Promise<TrainResult> {
  const { config } = options;
  const model = buildModel(netSpec(config), config.seed);
  const optimizer = new Momentum(model, {
    momentum: MOMENTUM,
    decay: (name) => (name.endsWith('/kernel') ? config.weightDecay : 0),
  });
  try {
    return await runSteps(options, model, optimizer);
  } finally {
    optimizer.dispose();
    model.dispose();
  }
}

async function runSteps(
  options: TrainOptions,
  model: LayersModel,
  optimizer: Momentum,
): Promise<TrainResult> {
  const { config, dataset, folder, now } = options;
  const sampler = new Sampler(dataset.train);
  if (!folder.has('checkpoint.safetensors')) await saveCheckpoint(folder, config, model, optimizer, 0);
  const firstStep = restoreCheckpoint(folder, config, model, optimizer);
  if (typeof firstStep === 'string') return { ok: false, reason: 'damaged', message: firstStep };
  const damage = folder.truncateMetrics(firstStep);
  if (damage !== null) return { ok: false, reason: 'damaged', message: damage };
  const start = now();
  let step = firstStep;
  let sums: Record<string, number> = {};
  let summed = 0;
  let stopped = false;
  while (step < config.steps && !stopped) {
    const losses = await trainStep(model, optimizer, sampler, config, step++);
    if (!Number.isFinite(losses.totalLoss))
      return {
        ok: false,
        reason: 'diverged',
        message: `the loss became ${losses.totalLoss} at step ${step}; start again with a lower --learning-rate and a new --out`,
      };
    for (const [name, loss] of Object.entries(losses)) sums[name] = (sums[name] ?? 0) + loss;
    summed++;
    // Lets Ctrl-C and other events in.
    await new Promise((resolve) => setImmediate(resolve));
    stopped = options.shouldStop();
    const isMeasured = step % config.every === 0 || step === config.steps || stopped;
    if (step % LOG_EVERY === 0 || isMeasured) {
      const elapsed = (now() - start) / 1000;
      const means = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / summed]));
      const metrics: Metrics = {
        step,
        samples: step * config.batch,
        learningRate: learningRateAt(config, step),
        ...means,
        ...(isMeasured && dataset.heldOut.length > 0 ? await measure(model, dataset.heldOut) : {}),
      };
      [sums, summed] = [{}, 0];
      folder.append(metrics);
      const stepsPerSecond = (step - firstStep) / elapsed;
      const etaSeconds = (config.steps - step) / stepsPerSecond;
      options.onStatus({ metrics, positionsPerSecond: stepsPerSecond * config.batch, etaSeconds });
    }
    if (isMeasured) await saveCheckpoint(folder, config, model, optimizer, step);
  }
  saveNet(folder.file('net.safetensors'), {
    spec: netSpec(config),
    weights: await weightsOf(model),
    provenance: {
      recipe: 'supervised',
      step,
      batch: config.batch,
      seed: config.seed,
      positions: sampler.positions,
    },
  });
  return { ok: true, step, finished: !stopped };
}
