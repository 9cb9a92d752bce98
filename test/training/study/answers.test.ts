/** How well nets answer, told of all examples and of those that are new. */
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { disposeBatch, randomBatch } from '#nets/batch.ts';
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
