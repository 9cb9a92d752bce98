/** How well nets answer, told of all examples and of those that are new. */
import * as tf from '@tensorflow/tfjs-core';
import { mean } from 'simple-statistics';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { batchOutputs, disposeBatch, randomBatch } from '#nets/batch.ts';
import { buildModel } from '#nets/model.ts';
import { resnetSpec } from '#nets/spec.ts';
import { answerFigures } from '#training/study/answers.ts';
import { examplesOf } from '../batch-examples.ts';

beforeAll(() => useBackend('wasm'));

test('what is new of the examples is counted by itself', async () => {
  const batch = randomBatch(40, 5, 1);
  const order = Array.from({ length: 40 }, (_, i) => i);
  const model = buildModel(resnetSpec(1, 4), 1);
  const isNew = (index: number): boolean => index % 3 === 0;
  const all = await answerFigures([model], { ...examplesOf(batch, order), isNew }, Infinity);
  const alone = await answerFigures([model], examplesOf(batch, order.filter(isNew)), Infinity);
  model.dispose();
  disposeBatch(batch);
  expect(all.newAccuracy).toBe(alone.accuracy);
  expect(all.newAccuracy).not.toBe(all.accuracy);
});

test('several nets are one that answers by the mean of their probabilities', async () => {
  const batch = randomBatch(40, 5, 1);
  const order = Array.from({ length: 40 }, (_, i) => i);
  const models = [1, 2, 3].map((seed) => buildModel(resnetSpec(1, 4), seed));
  const figures = await answerFigures(models, examplesOf(batch, order), Infinity);
  const members = models.map((model) =>
    tf.tidy(() => tf.softmax(batchOutputs(model, batch, {}).policy).arraySync() as number[][]),
  );
  const answers = batch.targets.policy.arraySync().map((row) => row.indexOf(1));
  const together = answers.map((_, i) =>
    members[0][i].map((_p, move) => mean(members.map((of) => of[i][move]))),
  );
  const losses = answers.map((answer, i) => -Math.log(together[i][answer]));
  const hits = answers.filter((answer, i) => together[i][answer] === Math.max(...together[i]));
  expect(figures.loss).toBeCloseTo(mean(losses), 5);
  expect(figures.accuracy).toBeCloseTo(hits.length / 40, 5);
  for (const model of models) model.dispose();
  disposeBatch(batch);
});
