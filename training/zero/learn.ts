/** The learning that goes on while a generation plays: steps in proportion to the positions that are new. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TrainingMetrics } from '#selfplay/run/run-files.ts';
import { boardLesson } from '../board-lesson.ts';
import { learnFrom } from '../divergence.ts';
import type { Learner } from '../learner.ts';
import { RunningMeans } from '../running-means.ts';
import type { ReplayWindow } from '../window.ts';
import { stepsAfter } from './config.ts';
import type { ZeroConfig } from './config.ts';

/** Steps between lines of metrics. */
const LOG_EVERY = 50;

export type LearnOptions = {
  readonly config: ZeroConfig;
  readonly learner: Learner;
  readonly window: ReplayWindow;
  readonly generation: number;
  /** Learned from when this is done, and those of them that are new; see `positionsToLearn`. */
  readonly positions: number;
  readonly newPositions: number;
  readonly signal: AbortSignal;
  /** Seconds of the run so far. */
  readonly runSeconds: () => number;
  readonly onStep: (done: number, total: number) => void;
  readonly onMetrics: (line: TrainingMetrics) => void;
};

/**
 * How many positions the learning after a generation's games counts. The first games are learned from in two halves, one
 * before the next are played and one beside them: a net has learned sooner, and no position counts more than others.
 */
export function positionsToLearn(generation: number, positions: number): number {
  return generation === 0 ? positions / 2 : positions;
}

/** Tells of a run whose games gave too few positions for a step. */
export function nothingLearned({ batch, trainPerPosition }: ZeroConfig, positions: number): string {
  return `Nothing is learned yet: of the ${batch / trainPerPosition} positions for a step (batch / trainPerPosition) the games have given ${positions}; give more --generations, or begin a new run with more games or a smaller batch`;
}

/** @returns whether it came to its end, or a sentence where the net has diverged. */
export async function learnGeneration(options: LearnOptions): Promise<boolean | string> {
  const { config, learner, window, generation, signal, runSeconds, onStep, onMetrics } = options;
  const first = learner.steps;
  const { positions, newPositions } = options;
  const due = stepsAfter(positions, config) - stepsAfter(positions - newPositions, config);
  // Shards that were lost may leave nothing to learn from.
  const total = window.positions === 0 ? 0 : due;
  const means = new RunningMeans();
  for (let done = 1; done <= total; done++) {
    if (signal.aborted) return false;
    const batch = window.batch(config.batch, config.seed, first + done - 1);
    const lesson = boardLesson(batch, config.learner);
    const losses = await learnFrom(learner, lesson);
    if (typeof losses === 'string') return losses;
    means.add(losses);
    onStep(done, total);
    // Lets games, Ctrl-C and other events in.
    await nextTurn();
    if (learner.steps % LOG_EVERY !== 0 && done < total) continue;
    onMetrics({
      ...(means.take() as Pick<TrainingMetrics, 'totalLoss' | 'gradientNorm'>),
      learningRate: losses.learningRate,
      step: learner.steps,
      generation,
      samples: learner.steps * config.batch,
      windowPositions: window.positions,
      runSeconds: runSeconds(),
    });
  }
  return true;
}
