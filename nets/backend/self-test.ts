/** A training step whose losses are known, and the speed of steps like it: what a backend must pass before it is trusted. */
import * as tf from '@tensorflow/tfjs-core';
import { TENGEN_V1 } from '../features/tengen-v1.ts';
import { netLosses } from '../loss.ts';
import type { Targets } from '../loss.ts';
import { buildModel } from '../model.ts';
import { Momentum } from '../optimizers/momentum.ts';
import { resnetSpec } from '../spec.ts';
import { makeRng } from '#engine/go/random.ts';

/** Losses before the first three steps, from the cpu backend (`test/nets/backend/backends.test.ts` compares). */
export const EXPECTED_LOSSES: readonly number[] = [6.23805, 5.70857, 5.14339];
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

/** A batch of random positions, the same on every backend: planes, globals and targets; the caller disposes. */
export function randomBatch(
  batch: number,
  size: number,
  seed: number,
): { planes: tf.Tensor4D; globals: tf.Tensor2D; targets: Targets } {
  const rng = makeRng(seed);
  const area = size * size;
  const values = Float32Array.from({ length: batch * area * TENGEN_V1.planes }, (_, i) =>
    i % TENGEN_V1.planes === 0 || rng.nextFloat() > 0.7 ? 1 : 0,
  );
  const policy = new Float32Array(batch * (area + 1));
  for (let i = 0; i < batch; i++) policy[i * (area + 1) + rng.nextInt(area + 1)] = 1;
  const ones = (columns: number): tf.Tensor2D => tf.ones([batch, columns]);
  const sides = Float32Array.from({ length: batch }, () => (rng.nextFloat() > 0.5 ? 1 : -1));
  return {
    planes: tf.tensor4d(values, [batch, size, size, TENGEN_V1.planes]),
    globals: tf.zeros([batch, TENGEN_V1.globals]),
    targets: {
      policy: tf.tensor2d(policy, [batch, area + 1]),
      value: tf.tensor2d(sides, [batch, 1]),
      valueKnown: ones(1),
      score: tf.tensor2d(sides, [batch, 1]),
      areaKnown: ones(1),
      ownership: tf.tensor2d(
        Float32Array.from({ length: batch * area }, () => (rng.nextFloat() > 0.5 ? 1 : -1)),
        [batch, area],
      ),
      mask: ones(area),
    },
  };
}

type RandomBatch = ReturnType<typeof randomBatch>;

/** Runs on the current backend. */
export async function selfTest(now: () => number): Promise<SelfTest> {
  const model = buildModel(resnetSpec(2, 16), 1);
  const optimizer = new Momentum(model, { momentum: 0.9, decay: () => 0 });
  const step = async ({ planes, globals, targets }: RandomBatch): Promise<number> => {
    const loss = optimizer.minimize(
      () =>
        netLosses(
          model.apply([planes, globals], { training: true, fullBoards: true }) as tf.Tensor[],
          targets,
        ).total,
      0.02,
    );
    const [value] = await loss.data();
    loss.dispose();
    return value;
  };
  const evaluate = async ({ planes, globals }: RandomBatch): Promise<void> => {
    const outputs = model.predictOnBatch([planes, globals]) as tf.Tensor[];
    for (const output of outputs) await output.data();
    tf.dispose(outputs);
  };
  const withBatch = async <Result>(
    count: number,
    run: (batch: RandomBatch) => Promise<Result>,
  ): Promise<Result> => {
    const batch = randomBatch(count, SIZE, 1);
    try {
      return await run(batch);
    } finally {
      tf.dispose([batch.planes, batch.globals, ...Object.values(batch.targets)]);
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
      (1000 * count) / (await medianMs(() => step(batch), now)),
      (1000 * count) / (await medianMs(() => evaluate(batch), now)),
    ]);
    return { losses, problem: problemOf(losses), positionsPerSecond, evaluationsPerSecond };
  } finally {
    optimizer.dispose();
    model.dispose();
  }
}

/** Of up to `ROUNDS` runs after one to warm up; a run that is slow is timed once. */
async function medianMs(run: () => Promise<unknown>, now: () => number): Promise<number> {
  const times: number[] = [];
  const begin = now();
  while (times.length === 0 || (times.length <= ROUNDS && now() - begin < MOST_MS)) {
    const start = now();
    await run();
    times.push(now() - start);
  }
  const warm = times.length > 1 ? times.slice(1) : times;
  return warm.sort((a, b) => a - b)[warm.length >> 1];
}

function problemOf(losses: readonly number[]): string | null {
  const wrong = losses.findIndex((loss, i) => !(Math.abs(loss / EXPECTED_LOSSES[i] - 1) <= TOLERANCE));
  if (wrong < 0) return null;
  return `it computes wrongly: the loss of step ${wrong + 1} is ${losses[wrong]}, not ${EXPECTED_LOSSES[wrong]}`;
}
