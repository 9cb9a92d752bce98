/** Supervised training of one net: steps, measurements on held-out games, checkpoints and exact resumption. */
import { saveNet } from '#nets/file.ts';
import { disposeBatch } from '#nets/batch.ts';
import { restoreCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { learnerConfig, netSpec } from './config.ts';
import type { SupervisedConfig } from './config.ts';
import type { Dataset, GameSamples } from './dataset.ts';
import { makeBatch } from './example.ts';
import { Learner } from './learner.ts';
import type { Metrics, RunFolder } from './run-folder.ts';
import { Sampler } from './sampler.ts';

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

/** Top-1 accuracy, losses and value error on (a fixed sample of) games. */
async function measure(learner: Learner, games: readonly GameSamples[]): Promise<Record<string, number>> {
  const sampler = new Sampler(games);
  const count = Math.min(MEASURED_POSITIONS, sampler.positions);
  const sums: Record<string, number> = {};
  for (let from = 0; from < count; from += MEASURED_AT_ONCE) {
    const indices = Array.from({ length: Math.min(MEASURED_AT_ONCE, count - from) }, (_, i) =>
      Math.floor(((from + i) * sampler.positions) / count),
    );
    const batch = makeBatch(indices.map((index) => sampler.at(index, 0)));
    for (const [name, mean] of Object.entries(await learner.measure(batch))) {
      const key = `heldOut${name[0].toUpperCase()}${name.slice(1)}`;
      sums[key] = (sums[key] ?? 0) + (mean * indices.length) / count;
    }
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
  const learner = new Learner(netSpec(config), learnerConfig(config), config.seed);
  try {
    return await runSteps(options, learner);
  } finally {
    learner.dispose();
  }
}

async function runSteps(options: TrainOptions, learner: Learner): Promise<TrainResult> {
  const { config, dataset, folder, now } = options;
  const sampler = new Sampler(dataset.train);
  if (!folder.has('checkpoint.safetensors')) await saveCheckpoint(folder, config, learner);
  const damage = restoreCheckpoint(folder, config, learner) ?? folder.truncateMetrics(learner.steps);
  if (damage !== null) return { ok: false, reason: 'damaged', message: damage };
  const firstStep = learner.steps;
  const start = now();
  let sums: Record<string, number> = {};
  let summed = 0;
  let stopped = false;
  while (learner.steps < config.steps && !stopped) {
    const batch = makeBatch(sampler.draw(config.batch, config.seed, learner.steps));
    const losses = await learner.step(batch);
    disposeBatch(batch);
    const step = learner.steps;
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
        ...means,
        learningRate: learner.learningRate,
        ...(isMeasured && dataset.heldOut.length > 0 ? await measure(learner, dataset.heldOut) : {}),
      };
      [sums, summed] = [{}, 0];
      folder.append(metrics);
      const stepsPerSecond = (step - firstStep) / elapsed;
      const etaSeconds = (config.steps - step) / stepsPerSecond;
      options.onStatus({ metrics, positionsPerSecond: stepsPerSecond * config.batch, etaSeconds });
    }
    if (isMeasured) await saveCheckpoint(folder, config, learner);
  }
  saveNet(folder.file('net.safetensors'), {
    spec: learner.spec,
    weights: await learner.weights(),
    provenance: {
      recipe: 'supervised',
      step: learner.steps,
      batch: config.batch,
      seed: config.seed,
      positions: sampler.positions,
    },
  });
  return { ok: true, step: learner.steps, finished: !stopped };
}
