/** A net that learns from batches: optimizer, schedule, average of the weights, and all of it as arrays to go on with. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { arraysOf, weightTensors, writeWeights } from '#nets/convert.ts';
import type { WeightArray } from '#nets/file.ts';
import { isKernel } from '#nets/kernels.ts';
import { buildModel } from '#nets/model.ts';
import { WeightAverage } from '#nets/optimizers/average.ts';
import { Optimizer } from '#nets/optimizers/optimizer.ts';
import type { Slot } from '#nets/optimizers/slot.ts';
import { playedSpec } from '#nets/spec.ts';
import type { AnySpec } from '#nets/spec.ts';
import { mismatch, shapesOf, weightShapes } from '#nets/weight-shapes.ts';
import { isFrozen, layerOf } from './freeze.ts';
import { ruleOf } from './learner-config.ts';
import type { LearnerConfig } from './learner-config.ts';
import type { Lesson } from './lesson.ts';
import { readScalars } from './read-scalars.ts';
import { stepSeed } from './sampler.ts';
import { learningRateAt } from './schedule.ts';
import { trunkMismatch } from './trunk-mismatch.ts';

type Arrays = ReadonlyMap<string, WeightArray>;

/** Name of the number of steps in a state. */
export const STEPS = 'steps';
const STEPS_UNIT = 2 ** 20;

/** [2]: the steps by 2^20, and the rest, both of which float32 holds exactly. */
export function stepsArray(steps: number): WeightArray {
  return { shape: [2], values: Float32Array.of(Math.floor(steps / STEPS_UNIT), steps % STEPS_UNIT) };
}

export class Learner {
  /** The net that learns, with the heads that only training has, and the one that `weights` and `averaged` make. */
  readonly trainedSpec: AnySpec;
  readonly spec: AnySpec;
  private readonly config: LearnerConfig;
  private readonly seed: number;
  private readonly model: LayersModel;
  private readonly optimizer: Optimizer;
  private readonly average: WeightAverage | null;
  /** Names of the weights of the net that plays. */
  private readonly played: ReadonlySet<string>;

  /** @param spec with the heads to train. @param seed of the initial weights and of what layers draw. */
  constructor(spec: AnySpec, config: LearnerConfig, seed: number) {
    this.trainedSpec = spec;
    this.spec = playedSpec(spec);
    this.config = config;
    this.seed = seed;
    this.model = buildModel(spec, seed);
    for (const layer of this.model.layers) if (isFrozen(layer.name, config.freeze)) layer.trainable = false;
    this.played = new Set(weightShapes(this.spec).keys());
    this.optimizer = new Optimizer(this.model, ruleOf(config), {
      decay: (shape) => (isKernel(shape) ? config.weightDecay : 0),
      penalty: (shape) => (isKernel(shape) ? config.penalties : null),
      clipNorm: config.clipNorm,
    });
    const moved = this.model.weights.filter(
      ({ originalName }) => this.played.has(originalName) && !isFrozen(layerOf(originalName), config.freeze),
    );
    this.average = config.averageDecay === null ? null : new WeightAverage(moved, config.averageDecay);
  }

  /** Steps done. */
  get steps(): number {
    return this.optimizer.steps;
  }

  /** Layers that keep their weights. */
  get freeze(): readonly string[] {
    return this.config.freeze;
  }

  /** Of the next step. */
  get learningRate(): number {
    return learningRateAt(this.config, this.steps);
  }

  /**
   * One step down the gradient of the losses of a lesson, which the caller disposes.
   * @returns before the step: each loss of which an answer is known by name with "Loss" after it, `totalLoss`, `gradientNorm` before clipping; and the
   * `learningRate` of the step. What is not finite says that the net has diverged.
   * @throws SolverFailure where the net is a differential equation that cannot be solved; tfjs does not give back what it kept of that step.
   */
  async step(lesson: Lesson): Promise<Record<string, number>> {
    const { learningRate } = this;
    const kept: Record<string, tf.Scalar> = {};
    const [terms, known, whole] = await readScalars(() => {
      const { loss, gradientNorm } = this.optimizer.minimize(() => {
        const { total, ...parts } = lesson.losses(this.model, stepSeed(this.seed, this.steps));
        for (const [name, term] of Object.entries(parts)) kept[name] = tf.keep(tf.clone(term));
        return total;
      }, learningRate);
      this.average?.update(this.steps);
      return [kept, lesson.known(), { totalLoss: loss, gradientNorm }];
    });
    tf.dispose(kept);
    const answered = Object.entries(terms).filter(([name]) => known[name] !== 0);
    const named = answered.map(([name, loss]) => [`${name}Loss`, loss] as const);
    return { ...Object.fromEntries(named), ...whole, learningRate };
  }

  /**
   * The Euclidean norm of the gradient of a lesson's losses by the kernels of each layer, from the input on. Batch norms take
   * the lesson's statistics, and move their own, as at a step; nothing is dropped.
   */
  async gradientNorms(lesson: Lesson): Promise<Map<string, number>> {
    const kernels = this.model.trainableWeights.filter(({ shape }) => isKernel(shape));
    const norms = tf.tidy(() => {
      const loss = (): tf.Scalar => lesson.losses(this.model, null).total;
      const variables = kernels.map((kernel) => kernel.read() as tf.Variable);
      const { grads } = tf.variableGrads(loss, variables);
      // tfjs gives null for kernels that no loss depends on.
      return tf.stack(variables.map(({ name }) => tf.norm((grads[name] as tf.Tensor | null) ?? 0)));
    });
    const values = await norms.data();
    norms.dispose();
    const byLayer = new Map<string, number>();
    kernels.forEach(({ originalName }, i) => {
      const layer = layerOf(originalName);
      byLayer.set(layer, Math.hypot(byLayer.get(layer) ?? 0, values[i]));
    });
    return byLayer;
  }

  /** The net as it is, without the heads that only training has. */
  weights(): Promise<Map<string, WeightArray>> {
    return arraysOf(this.playedTensors());
  }

  /** The weights to play with: their average, or these where none is kept. See `playedModel`. */
  averaged(): Promise<Map<string, WeightArray>> {
    return arraysOf(new Map([...this.playedTensors(), ...(this.average?.tensors() ?? [])]));
  }

  /** Everything that the following steps depend on. */
  async state(): Promise<Map<string, WeightArray>> {
    return (await arraysOf(this.tensors())).set(STEPS, stepsArray(this.steps));
  }

  /** Goes on from a state; a sentence where it is none of this net and config, and then nothing changes. */
  restore(state: Arrays): string | null {
    const expected = shapesOf(this.tensors()).set(STEPS, stepsArray(0).shape);
    const problem = mismatch(expected, shapesOf(state));
    if (problem !== null) return problem;
    const [high, low] = state.get(STEPS)?.values ?? [];
    const steps = high * STEPS_UNIT + low;
    if (!Number.isSafeInteger(steps) || steps < 0) return `its number of steps is ${steps}`;
    writeWeights(this.model, state);
    for (const slot of this.slots()) slot.load(state);
    this.optimizer.steps = steps;
    return null;
  }

  /**
   * Begins anew from a net with the same trunk; a head of which any weight is missing or has another shape begins as it is.
   * A sentence where the trunk is another, and then nothing changes.
   */
  start(weights: Arrays): string | null {
    const tensors = this.playedTensors();
    const problem = trunkMismatch(shapesOf(tensors), shapesOf(weights));
    if (problem !== null) return problem;
    const partOf = (name: string): string => name.slice(0, name.indexOf('/'));
    const fits = ([name, { shape }]: [string, tf.Tensor]): boolean =>
      weights.get(name)?.shape.join() === shape.join();
    const others = new Set([...tensors].filter((entry) => !fits(entry)).map(([name]) => partOf(name)));
    writeWeights(this.model, new Map([...weights].filter(([name]) => !others.has(partOf(name)))));
    this.optimizer.reset();
    this.average?.reset();
    return null;
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
