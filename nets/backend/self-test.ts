/** A training step whose losses are known, and the speed of steps like it: what a backend must pass before it is trusted. */
import * as tf from '@tensorflow/tfjs-core';
import { batchLosses, disposeBatch, randomBatch } from '../batch.ts';
import type { Batch } from '../batch.ts';
import { buildModel } from '../model.ts';
import { Optimizer } from '../optimizers/optimizer.ts';
import { nesterov } from '../optimizers/rules.ts';
import { resnetSpec } from '../spec.ts';

/** Losses before the first three steps, from the cpu backend (`test/nets/backend/backends.test.ts` compares). */
export const EXPECTED_LOSSES: readonly number[] = [6.06903, 5.63215, 5.15994];
/** Backends sum in different orders: float32 over three steps agrees to about 1e-5. */
const TOLERANCE = 1e-3;

const SIZE = 9;
/** Positions of the steps whose losses are compared. */
const BATCH = 8;
/** Positions of the steps that are timed, as in training, where one of `BATCH` takes less than `FAST_MS`. */
const TIMED_BATCH = 64;
const FAST_MS = 200;
const ROUNDS = 3;
const MOST_MS = 1000;

export type SelfTest = {
  /** Before each of the first steps. */
  readonly losses: readonly number[];
  /** Null where the losses were right. */
  readonly problem: string | null;
  /** Training the self-test's small net. */
  readonly positionsPerSecond: number;
  /** Evaluating with it. */
  readonly evaluationsPerSecond: number;
};

/** Runs on the current backend. */
export async function selfTest(now: () => number): Promise<SelfTest> {
  const model = buildModel(resnetSpec(2, 16), 1);
  const optimizer = new Optimizer(model, nesterov(0.9));
  const step = async (batch: Batch): Promise<number> => {
    const { loss, gradientNorm } = optimizer.minimize(() => batchLosses(model, batch).total, 0.02);
    const [value] = await loss.data();
    tf.dispose([loss, gradientNorm]);
    return value;
  };
  const evaluate = async ({ planes, globals }: Batch): Promise<void> => {
    const outputs = model.predictOnBatch([planes, globals]) as tf.Tensor[];
    for (const output of outputs) await output.data();
    tf.dispose(outputs);
  };
  const withBatch = async <Result>(
    count: number,
    run: (batch: Batch) => Promise<Result>,
  ): Promise<Result> => {
    const batch = randomBatch(count, SIZE, 1);
    try {
      return await run(batch);
    } finally {
      disposeBatch(batch);
    }
  };
  try {
    const losses: number[] = [];
    let lastMs = 0;
    await withBatch(BATCH, async (batch) => {
      for (let i = 0; i < EXPECTED_LOSSES.length; i++) {
        const start = now();
        losses.push(await step(batch));
        lastMs = now() - start;
      }
    });
    const count = lastMs < FAST_MS ? TIMED_BATCH : BATCH;
    const [positionsPerSecond, evaluationsPerSecond] = await withBatch(count, async (batch) => [
      (1000 * count) / (await shortestMs(() => step(batch), now)),
      (1000 * count) / (await shortestMs(() => evaluate(batch), now)),
    ]);
    return { losses, problem: problemOf(losses), positionsPerSecond, evaluationsPerSecond };
  } finally {
    optimizer.dispose();
    model.dispose();
  }
}

/** Of up to `ROUNDS` runs after one to warm up, since other programs only ever add; a run that is slow is timed once. */
async function shortestMs(run: () => Promise<unknown>, now: () => number): Promise<number> {
  const times: number[] = [];
  const begin = now();
  while (times.length === 0 || (times.length <= ROUNDS && now() - begin < MOST_MS)) {
    const start = now();
    await run();
    times.push(now() - start);
  }
  return Math.min(...(times.length > 1 ? times.slice(1) : times));
}

function problemOf(losses: readonly number[]): string | null {
  const wrong = losses.findIndex((loss, i) => !(Math.abs(loss / EXPECTED_LOSSES[i] - 1) <= TOLERANCE));
  if (wrong < 0) return null;
  return `it computes wrongly: the loss of step ${wrong + 1} is ${losses[wrong]}, not ${EXPECTED_LOSSES[wrong]}`;
}
