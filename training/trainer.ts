/** Supervised training of one net: steps, measurements on held-out games, checkpoints and exact resumption. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { setWeights, weightsOf } from '#nets/convert.ts';
import { loadNet, saveNet } from '#nets/file.ts';
import type { WeightArray } from '#nets/file.ts';
import { netLosses } from '#nets/loss.ts';
import { buildModel } from '#nets/model.ts';
import { resnetSpec } from '#nets/spec.ts';
import { Sampler, disposeBatch, makeBatch } from './batch.ts';
import { learningRateAt } from './config.ts';
import type { SupervisedConfig } from './config.ts';
import type { Dataset, GameSamples } from './dataset.ts';
import type { Metrics, RunFolder } from './run-folder.ts';

const MOMENTUM = 0.9;
/** Held-out positions measured during training; `net eval` measures all. */
const MEASURED_POSITIONS = 2048;
/** Steps between lines of metrics. */
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
  | { readonly ok: false; readonly message: string };

/**
 * One step of SGD with Nesterov momentum and decoupled weight decay on the kernels.
 * @returns the named losses.
 */
function trainStep(
  model: LayersModel,
  optimizer: tf.MomentumOptimizer,
  sampler: Sampler,
  config: SupervisedConfig,
  step: number,
): Record<string, number> {
  const batch = makeBatch(sampler.draw(config.batch, config.seed, step));
  const rate = learningRateAt(config, step);
  optimizer.setLearningRate(rate);
  const losses: Record<string, number> = {};
  tf.tidy(() => {
    optimizer.minimize(() => {
      const outputs = model.apply([batch.planes, batch.globals], { training: true }) as tf.Tensor[];
      const terms = netLosses(outputs, batch.targets);
      for (const [name, term] of Object.entries(terms)) losses[`${name}Loss`] = term.dataSync()[0];
      return terms.total;
    });
    for (const weight of model.trainableWeights)
      if (weight.originalName.endsWith('/kernel'))
        weight.write(tf.mul(weight.read(), 1 - rate * config.weightDecay));
  });
  disposeBatch(batch);
  return losses;
}

/** Top-1 accuracy, losses and value error on (a fixed sample of) games. */
function measure(model: LayersModel, games: readonly GameSamples[]): Record<string, number> {
  const sampler = new Sampler(games);
  const count = Math.min(MEASURED_POSITIONS, sampler.positions);
  const sums: Record<string, number> = {};
  const size = 128;
  for (let from = 0; from < count; from += size) {
    const indices = Array.from({ length: Math.min(size, count - from) }, (_, i) =>
      Math.floor(((from + i) * sampler.positions) / count),
    );
    const batch = makeBatch(indices.map((index) => sampler.at(index, 0)));
    tf.tidy(() => {
      const outputs = model.apply([batch.planes, batch.globals], { training: false }) as tf.Tensor[];
      const hits = tf.equal(tf.argMax(outputs[0], 1), tf.argMax(batch.targets.policy, 1));
      const terms = { ...netLosses(outputs, batch.targets), accuracy: tf.mean(tf.cast(hits, 'float32')) };
      for (const [name, term] of Object.entries(terms)) {
        const key = `heldOut${name[0].toUpperCase()}${name.slice(1)}`;
        sums[key] = (sums[key] ?? 0) + (term.dataSync()[0] * indices.length) / count;
      }
    });
    disposeBatch(batch);
  }
  return sums;
}

function saveCheckpoint(
  folder: RunFolder,
  config: SupervisedConfig,
  model: LayersModel,
  optimizer: Slots,
  step: number,
): void {
  const weights = weightsOf(model);
  for (const [name, slot] of optimizer) weights.set(name, slot);
  saveNet(folder.file('checkpoint.safetensors'), {
    spec: resnetSpec(config.blocks, config.channels),
    weights,
    provenance: { step },
  });
}

type Slots = Map<string, WeightArray>;
const SLOT = 'momentum/';

async function slotsOf(optimizer: tf.MomentumOptimizer): Promise<Slots> {
  const slots: Slots = new Map();
  for (const { name, tensor } of (await optimizer.getWeights()).slice(1))
    slots.set(SLOT + name, { shape: tensor.shape, values: Float32Array.from(tensor.dataSync()) });
  return slots;
}

/** Restores model and optimizer; returns the step to go on with, or a sentence. */
async function restore(
  folder: RunFolder,
  model: LayersModel,
  optimizer: tf.MomentumOptimizer,
): Promise<number | string> {
  const path = folder.file('checkpoint.safetensors');
  const loaded = loadNet(path);
  if (!loaded.ok) return loaded.message;
  const weights = new Map([...loaded.net.weights].filter(([name]) => !name.startsWith(SLOT)));
  const problem = setWeights(model, weights);
  if (problem !== null) return `${path}: ${problem}`;
  const slots = [...loaded.net.weights].filter(([name]) => name.startsWith(SLOT));
  const { step } = loaded.net.provenance;
  if (typeof step !== 'number') return `${path}: it does not say at which step it was made`;
  await optimizer.setWeights([
    { name: 'iterations', tensor: tf.scalar(step, 'int32') },
    ...slots.map(([name, { shape, values }]) => ({
      name: name.slice(SLOT.length),
      tensor: tf.tensor(values, [...shape], 'float32'),
    })),
  ]);
  return step;
}

/** Trains to the end of the schedule or until asked to stop; either way the folder can be resumed or is finished. */
export async function trainSupervised(options: TrainOptions, resume: boolean): Promise<TrainResult> {
  const { config, dataset, folder, now } = options;
  const spec = resnetSpec(config.blocks, config.channels);
  const model = buildModel(spec, config.seed);
  const optimizer = tf.train.momentum(config.learningRate, MOMENTUM, true);
  const sampler = new Sampler(dataset.train);
  let step = 0;
  if (resume) {
    const restored = await restore(folder, model, optimizer);
    if (typeof restored === 'string') return { ok: false, message: restored };
    step = restored;
  }
  folder.truncateMetrics(step);
  const start = now();
  const firstStep = step;
  let sums: Record<string, number> = {};
  let summed = 0;
  let stopped = false;
  while (step < config.steps && !stopped) {
    const losses = trainStep(model, optimizer, sampler, config, step++);
    if (!Number.isFinite(losses.totalLoss))
      return {
        ok: false,
        message: `the loss became ${losses.totalLoss} at step ${step}; start again with a lower --learning-rate and a new --out`,
      };
    for (const [name, loss] of Object.entries(losses)) sums[name] = (sums[name] ?? 0) + loss;
    summed++;
    // Lets Ctrl-C and other events in.
    await new Promise((resolve) => setImmediate(resolve));
    stopped = options.shouldStop();
    const atEnd = step === config.steps || stopped;
    const measured = step % config.every === 0 || atEnd;
    if (step % LOG_EVERY === 0 || atEnd) {
      const elapsed = (now() - start) / 1000;
      const means = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / summed]));
      const metrics: Metrics = {
        step,
        samples: step * config.batch,
        learningRate: learningRateAt(config, step),
        ...means,
        ...(measured && dataset.heldOut.length > 0 ? measure(model, dataset.heldOut) : {}),
      };
      [sums, summed] = [{}, 0];
      folder.append(metrics);
      const stepsPerSecond = (step - firstStep) / elapsed;
      const etaSeconds = (config.steps - step) / stepsPerSecond;
      options.onStatus({ metrics, positionsPerSecond: stepsPerSecond * config.batch, etaSeconds });
    }
    if (measured) saveCheckpoint(folder, config, model, await slotsOf(optimizer), step);
  }
  saveNet(folder.file('net.safetensors'), {
    spec,
    weights: weightsOf(model),
    provenance: {
      recipe: 'supervised',
      step,
      batch: config.batch,
      seed: config.seed,
      positions: sampler.positions,
    },
  });
  model.dispose();
  optimizer.dispose();
  return { ok: true, step, finished: !stopped };
}
