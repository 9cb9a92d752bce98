/** Supervised training of one net: steps, measurements on what was held out, checkpoints and exact resumption. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { weightsOf } from '#nets/convert.ts';
import { saveNet } from '#nets/file.ts';
import type { WeightArray } from '#nets/file.ts';
import { SolverFailure, orSolverFailure } from '#nets/ode/failure.ts';
import { restoreCheckpoint, saveCheckpoint } from './checkpoint.ts';
import type { SupervisedConfig } from './config.ts';
import { brokenAt, divergedAt, learnFrom } from './divergence.ts';
import { EarlyStopping } from './early-stopping.ts';
import { Learner } from './learner.ts';
import { measureHeldOut } from './measure.ts';
import { playedModel } from './played-model.ts';
import type { Metrics, RunFile, RunFolder } from './run-folder.ts';
import { RunningMeans } from './running-means.ts';
import { finishedCycle } from './schedule.ts';
import { answersOf, startFrom } from './start.ts';
import type { LessonOf, Task } from './task.ts';

/** Steps between lines of metrics, besides those with a measurement. */
const LOG_EVERY = 50;

export type TrainingStatus = {
  readonly metrics: Metrics;
  readonly examplesPerSecond: number;
  readonly etaSeconds: number;
};

export type TrainOptions = {
  readonly config: SupervisedConfig;
  readonly task: Task;
  readonly folder: RunFolder;
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
  readonly onStatus: (status: TrainingStatus) => void;
  /** Told of the examples that were looked at before the first step, where draws depend on that. */
  readonly onPreparing?: (examples: number, total: number) => void;
  /** Asked after every step; true checkpoints and stops. */
  readonly shouldStop: () => boolean;
};

type Failure = {
  readonly ok: false;
  readonly reason: 'bad-input' | 'diverged';
  readonly message: string;
};

export type TrainResult = { readonly ok: true; readonly step: number; readonly finished: boolean } | Failure;

const badInput = (message: string): Failure => ({ ok: false, reason: 'bad-input', message });
const diverged = (message: string): Failure => ({ ok: false, reason: 'diverged', message });

/**
 * Trains from the folder's checkpoint, where it has one, to the end of the schedule, until the loss on what was held out
 * falls no more, or until asked to stop; then the folder can be resumed or is finished.
 */
export async function trainSupervised(options: TrainOptions): Promise<TrainResult> {
  const training = new Training(options);
  try {
    const result = await orSolverFailure(training.run());
    return result instanceof SolverFailure ? diverged(divergedAt(training.steps, result.message)) : result;
  } finally {
    training.dispose();
  }
}

class Training {
  private readonly options: TrainOptions;
  private readonly learner: Learner;
  private readonly stopping: EarlyStopping;
  /** The weights of the lowest loss, where the run is to end with them. */
  private best: ReadonlyMap<string, WeightArray> | null = null;
  /** What is learned at each step, once it is needed. */
  private lessons: Promise<LessonOf> | null = null;
  /** The last net to play with that was asked for. */
  private played: { readonly step: number; readonly model: LayersModel } | null = null;

  constructor(options: TrainOptions) {
    const { config, task } = options;
    this.options = options;
    this.learner = new Learner(task.spec, config.learner, config.seed);
    this.stopping = new EarlyStopping(options.config);
  }

  async run(): Promise<TrainResult> {
    const damage = await this.restore();
    if (damage !== null) return badInput(damage);
    const failure = this.isFinished ? null : await this.takeSteps();
    if (failure !== null) return failure;
    const { steps } = this.learner;
    const weights = this.best ?? (await this.playedWeights());
    // The loss of the last step was that before it.
    const [broken] = [...weights].find(([, { values }]) => !values.every(Number.isFinite)) ?? [];
    if (broken !== undefined) return diverged(divergedAt(steps, `${broken} is no longer finite`));
    this.save('net.safetensors', weights, this.stopping.bestStep ?? steps);
    return { ok: true, step: steps, finished: this.isFinished };
  }

  get steps(): number {
    return this.learner.steps;
  }

  private get isFinished(): boolean {
    return this.learner.steps === this.options.config.steps || this.stopping.isOver;
  }

  /** Goes on from the folder's checkpoint, or makes the first one. @returns a sentence where that is impossible. */
  private async restore(): Promise<string | null> {
    const { config, folder } = this.options;
    const { learner } = this;
    if (!folder.has('checkpoint.safetensors')) {
      const problem = config.start === null ? null : startFrom(config.start, learner, answersOf(config));
      if (problem !== null) return problem;
      await saveCheckpoint(folder, learner, null);
    }
    const restored = restoreCheckpoint(folder, config.steps, learner);
    if (!restored.ok) return restored.message;
    const damage = folder.truncateMetrics(learner.steps);
    if (damage !== null) return damage;
    this.best = restored.best;
    const before = folder.metrics();
    for (const metrics of before) this.stopping.add(metrics);
    const reachesCheckpoint = learner.steps === 0 || before.at(-1)?.step === learner.steps;
    return config.patience === null || reachesCheckpoint
      ? null
      : `${folder.file('metrics.jsonl')}: it ends before step ${learner.steps}, that of the checkpoint, and patience goes by what it tells; put the whole file back, or choose a new --out`;
  }

  private async takeSteps(): Promise<Failure | null> {
    const { config, folder, now } = this.options;
    const { validation } = this.options.task;
    const { learner, stopping } = this;
    const lessonAt = await this.lessonAt();
    const [firstStep, start] = [learner.steps, now()];
    const means = new RunningMeans();
    let stopped = false;
    while (!this.isFinished && !stopped) {
      const losses = await learnFrom(learner, lessonAt(learner.steps));
      if (typeof losses === 'string') return diverged(losses);
      const step = learner.steps;
      means.add(losses);
      const cycle = finishedCycle(config.learner, step);
      if (cycle !== null) this.save(`snapshot-${cycle}.safetensors`, await this.playedWeights(), step);
      // Lets Ctrl-C and other events in.
      await nextTurn();
      stopped = this.options.shouldStop();
      const isMeasured = step % config.every === 0 || step === config.steps || stopped;
      if (step % LOG_EVERY !== 0 && !isMeasured) continue;
      const metrics: Metrics = {
        step,
        samples: step * config.batch,
        ...means.take(),
        learningRate: losses.learningRate,
        ...(isMeasured && validation.count > 0
          ? await measureHeldOut(await this.playedModel(), validation)
          : {}),
      };
      const broken = brokenAt(step, metrics);
      if (broken !== null) return diverged(broken);
      const unknown = isMeasured ? stopping.unknownIn(metrics) : null;
      if (unknown !== null) return badInput(unknown);
      folder.append(metrics);
      if (stopping.add(metrics)) this.best = await this.playedWeights();
      const stepsPerSecond = ((step - firstStep) * 1000) / (now() - start);
      const etaSeconds = (config.steps - step) / stepsPerSecond;
      this.options.onStatus({ metrics, examplesPerSecond: stepsPerSecond * config.batch, etaSeconds });
      if (isMeasured) await saveCheckpoint(folder, learner, this.best);
    }
    return null;
  }

  private lessonAt(): Promise<LessonOf> {
    const { task, onPreparing } = this.options;
    return (this.lessons ??= task.lessons(onPreparing));
  }

  /** The net to play with as it stands, made once a step. */
  private async playedModel(): Promise<LayersModel> {
    const step = this.learner.steps;
    if (this.played?.step !== step) {
      this.played?.model.dispose();
      this.played = { step, model: await playedModel(this.learner, await this.lessonAt()) };
    }
    return this.played.model;
  }

  private async playedWeights(): Promise<ReadonlyMap<string, WeightArray>> {
    return await weightsOf(await this.playedModel());
  }

  dispose(): void {
    this.learner.dispose();
    this.played?.model.dispose();
  }

  private save(file: RunFile, weights: ReadonlyMap<string, WeightArray>, step: number): void {
    const { config, task, folder } = this.options;
    const { net, batch, seed } = config;
    const examples = task.examples.count;
    const provenance = {
      recipe: 'supervised',
      ...(typeof net === 'string' ? { net } : {}),
      step,
      batch,
      seed,
      examples,
      ...answersOf(config),
    };
    saveNet(folder.file(file), { spec: this.learner.spec, weights, provenance });
  }
}
