/** A net that learns from batches: optimizer, schedule, average of the weights, and all of it as arrays to go on with. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { batchLosses, batchOutputs } from '#nets/batch.ts';
import type { Batch } from '#nets/batch.ts';
import { arraysOf, mismatch, weightTensors, writeWeights } from '#nets/convert.ts';
import type { WeightArray } from '#nets/file.ts';
import { netLosses } from '#nets/loss.ts';
import { buildModel } from '#nets/model.ts';
import { WeightAverage } from '#nets/optimizers/average.ts';
import { Optimizer } from '#nets/optimizers/optimizer.ts';
import type { Slot } from '#nets/optimizers/slot.ts';
import { playedSpec } from '#nets/spec.ts';
import type { NetSpec } from '#nets/spec.ts';
import { weightShapes } from '#nets/weight-shapes.ts';
import { ruleOf } from './learner-config.ts';
import type { LearnerConfig } from './learner-config.ts';
import { learningRateAt } from './schedule.ts';

type Arrays = ReadonlyMap<string, WeightArray>;

/** Name of the number of steps in a state. */
export const STEPS = 'steps';
const STEPS_UNIT = 2 ** 20;

/** [2]: the steps by 2^20, and the rest, both of which float32 holds exactly. */
export function stepsArray(steps: number): WeightArray {
  return { shape: [2], values: Float32Array.of(Math.floor(steps / STEPS_UNIT), steps % STEPS_UNIT) };
}

/** The net with the heads that it learns by. */
function trainedSpec(spec: NetSpec, { lossWeights }: LearnerConfig): NetSpec {
  const { heads } = spec;
  return heads.kind === 'katago' ? spec : { ...spec, heads: { ...heads, reply: lossWeights.reply > 0 } };
}

export class Learner {
  /** Of the net that `weights` and `averaged` make. */
  readonly spec: NetSpec;
  private readonly config: LearnerConfig;
  private readonly seed: number;
  private readonly model: LayersModel;
  private readonly optimizer: Optimizer;
  private readonly average: WeightAverage | null;
  /** Names of the weights of the net that plays. */
  private readonly played: ReadonlySet<string>;

  /** @param spec of the net to play with; the head of the reply comes with its weight in the config. @param seed of the initial weights and of what layers draw. */
  constructor(spec: NetSpec, config: LearnerConfig, seed: number) {
    this.spec = playedSpec(spec);
    this.config = config;
    this.seed = seed;
    this.model = buildModel(trainedSpec(spec, config), seed);
    this.played = new Set(weightShapes(this.spec).keys());
    const isKernel = (name: string): boolean => name.endsWith('/kernel');
    this.optimizer = new Optimizer(this.model, ruleOf(config), {
      decay: (name) => (isKernel(name) ? config.weightDecay : 0),
      penalty: (name) => (isKernel(name) ? config.penalties : null),
      clipNorm: config.clipNorm,
    });
    const variables = this.model.weights.filter(({ originalName }) => this.played.has(originalName));
    this.average = config.averageDecay === null ? null : new WeightAverage(variables, config.averageDecay);
  }

  /** Steps done. */
  get steps(): number {
    return this.optimizer.steps;
  }

  /** Of the next step. */
  get learningRate(): number {
    return learningRateAt(this.config, this.steps);
  }

  /**
   * One step down the gradient of the losses on a batch, which the caller disposes.
   * @returns before the step: each loss by name with "Loss" after it, `totalLoss`, `gradientNorm` before clipping; and the
   * `learningRate` of the step. What is not finite says that the net has diverged.
   */
  async step(batch: Batch): Promise<Record<string, number>> {
    const { learningRate } = this;
    let names: string[] = [];
    const figures = tf.tidy(() => {
      let terms: tf.Scalar[] = [];
      const { loss, gradientNorm } = this.optimizer.minimize(() => {
        const { total, ...parts } = batchLosses(this.model, batch, {
          weights: this.config.lossWeights,
          seed: this.stepSeed(),
        });
        names = Object.keys(parts).map((name) => `${name}Loss`);
        terms = Object.values(parts).map((term) => tf.keep(tf.clone(term)));
        return total;
      }, learningRate);
      const all = tf.stack([...terms, loss, gradientNorm]);
      tf.dispose(terms);
      return all;
    });
    this.average?.update(this.steps);
    // A GPU answers only to those who wait.
    const values = await figures.data();
    figures.dispose();
    const named = [...names, 'totalLoss', 'gradientNorm'].map((name, i) => [name, values[i]] as const);
    return { ...Object.fromEntries(named), learningRate };
  }

  /**
   * How the net does on a batch as it plays, with the moving statistics.
   * @returns each loss by name, `total`, and `accuracy`: the share of samples whose likeliest move it finds.
   */
  async measure(batch: Batch): Promise<Record<string, number>> {
    const terms = tf.tidy(() => {
      const outputs = batchOutputs(this.model, batch, { training: false });
      const hits = tf.equal(tf.argMax(outputs.policy, 1), tf.argMax(batch.targets.policy, 1));
      const losses = netLosses(outputs, batch.targets, this.config.lossWeights);
      return { ...losses, accuracy: tf.mean(tf.cast(hits, 'float32')) };
    });
    const measured: Record<string, number> = {};
    for (const [name, term] of Object.entries(terms)) [measured[name]] = await term.data();
    tf.dispose(terms);
    return measured;
  }

  /** The net as it is, without the head of the reply. */
  weights(): Promise<Map<string, WeightArray>> {
    return arraysOf(this.playedTensors());
  }

  /** The net to play with: the average of the weights, or these where none is kept. */
  averaged(): Promise<Map<string, WeightArray>> {
    return arraysOf(this.average?.tensors() ?? this.playedTensors());
  }

  /** Everything that the following steps depend on. */
  async state(): Promise<Map<string, WeightArray>> {
    return (await arraysOf(this.tensors())).set(STEPS, stepsArray(this.steps));
  }

  /** Goes on from a state; a sentence where it is none of this net and config, and then nothing changes. */
  restore(state: Arrays): string | null {
    const expected = new Map<string, { readonly shape: readonly number[] }>(this.tensors());
    const problem = mismatch(expected.set(STEPS, stepsArray(0)), state);
    if (problem !== null) return problem;
    const [high, low] = state.get(STEPS)?.values ?? [];
    const steps = high * STEPS_UNIT + low;
    if (!Number.isSafeInteger(steps) || steps < 0) return `its number of steps is ${steps}`;
    writeWeights(this.model, state);
    for (const slot of this.slots()) slot.load(state);
    this.optimizer.steps = steps;
    return null;
  }

  /** Begins anew from a net like its own; a sentence where it is another, and then nothing changes. A head of the reply stays as it is. */
  start(weights: Arrays): string | null {
    const problem = mismatch(this.playedTensors(), weights);
    if (problem !== null) return problem;
    writeWeights(this.model, weights);
    this.optimizer.reset();
    this.average?.reset();
    return null;
  }

  /** Apart from those of other steps and, as long as a run has fewer than a billion steps, of other seeds. */
  private stepSeed(): number {
    return this.seed * 1e9 + this.steps;
  }

  private slots(): Slot[] {
    return [...this.optimizer.slots, ...(this.average === null ? [] : [this.average.slot])];
  }

  private tensors(): Map<string, tf.Tensor> {
    return new Map([...weightTensors(this.model), ...this.slots().flatMap((slot) => slot.entries())]);
  }

  private playedTensors(): Map<string, tf.Tensor> {
    return new Map([...weightTensors(this.model)].filter(([name]) => this.played.has(name)));
  }

  dispose(): void {
    this.optimizer.dispose();
    this.average?.dispose();
    this.model.dispose();
  }
}
