/** What is measured of held-out examples is the same however they are cut into batches. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { disposeBatch, randomBatch } from '#nets/batch.ts';
import type { Batch } from '#nets/batch.ts';
import { buildModel } from '#nets/model.ts';
import { resnetSpec } from '#nets/spec.ts';
import { LearnerConfig } from '#training/learner-config.ts';
import { measureHeldOut } from '#training/measure.ts';
import { examplesOf } from './batch-examples.ts';

const COUNT = 200;
const { lossWeights } = LearnerConfig.parse({});
let batch: Batch;
const model = () => buildModel(resnetSpec(1, 4), 1);

beforeAll(async () => {
  await useBackend('wasm');
  const whole = randomBatch(COUNT, 5, 1);
  // Of a third of the boards nobody knows who owns what, and of half of the owned ones the score.
  const known = (share: (i: number) => boolean): tf.Tensor2D =>
    tf.tensor2d(
      Array.from({ length: COUNT }, (_, i) => Number(share(i))),
      [COUNT, 1],
    );
  batch = {
    ...whole,
    targets: {
      ...whole.targets,
      ownershipKnown: known((i) => i >= COUNT / 3),
      scoreKnown: known((i) => i >= 170),
    },
  };
});
afterAll(() => disposeBatch(batch));

async function measure(order: readonly number[]): Promise<Record<string, number>> {
  const made = model();
  try {
    return await measureHeldOut(made, examplesOf(batch, order));
  } finally {
    made.dispose();
  }
}

const inOrder = Array.from({ length: COUNT }, (_, i) => i);

test('each loss is the mean over the examples whose answer is known, in whatever order they come', async () => {
  const [straight, backwards, dealt] = [
    await measure(inOrder),
    await measure(inOrder.toReversed()),
    await measure(inOrder.toSorted((a, b) => (a % 7) - (b % 7))),
  ];
  const owned = await measure(inOrder.filter((i) => i >= COUNT / 3));
  expect(straight.heldOutOwnership).toBeCloseTo(owned.heldOutOwnership, 5);
  expect(straight.heldOutScore).toBeCloseTo(owned.heldOutScore, 5);
  for (const other of [backwards, dealt])
    for (const [name, mean] of Object.entries(straight)) expect(other[name], name).toBeCloseTo(mean, 4);
  const { heldOutPolicy, heldOutValue, heldOutScore, heldOutOwnership } = straight;
  const total =
    lossWeights.policy * heldOutPolicy +
    lossWeights.value * heldOutValue +
    lossWeights.score * heldOutScore +
    lossWeights.ownership * heldOutOwnership;
  expect(straight.heldOutTotal).toBeCloseTo(total, 5);
});

test('a loss of which no answer is known is not told, as if it were 0', async () => {
  const measured = await measure(inOrder.filter((i) => i < COUNT / 3));
  expect(Object.keys(measured).toSorted()).toEqual([
    'heldOutAccuracy',
    'heldOutPolicy',
    'heldOutTotal',
    'heldOutValue',
  ]);
});
