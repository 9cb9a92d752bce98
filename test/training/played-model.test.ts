/** The net to play with: statistics of its own weights, found without a trace in the learner. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { namedImageSpec } from '#nets/architectures/named.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { randomBatch } from '#nets/batch.ts';
import { modelFromNet, weightsOf } from '#nets/convert.ts';
import { resnetSpec } from '#nets/spec.ts';
import { boardLesson } from '#training/board-lesson.ts';
import { LearnerConfig } from '#training/learner-config.ts';
import { Learner } from '#training/learner.ts';
import type { Lesson } from '#training/lesson.ts';
import { playedModel } from '#training/played-model.ts';

beforeAll(() => useBackend('wasm'));

const config = LearnerConfig.parse({
  warmup: 0,
  learningRate: 0.1,
  averageDecay: null,
  lossWeights: { reply: 0 },
});
const lesson = (step: number): Lesson => boardLesson(randomBatch(256, 5, step), config);

/** After steps so large that the moving statistics are of other weights than the last. */
async function learned(freeze: string[] = [], averageDecay: number | null = null): Promise<Learner> {
  const learner = new Learner(resnetSpec(1, 4), { ...config, freeze, averageDecay }, 1);
  for (let i = 0; i < 6; i++) {
    const given = lesson(i);
    await learner.step(given);
    given.dispose();
  }
  return learner;
}

/** How far the logits of new examples are from those with the examples' own statistics: the mean of the squares. */
function gap(model: LayersModel): number {
  return tf.tidy(() => {
    const given = lesson(1000);
    const [plays, own] = [given.logits(model), given.logits(model, { statisticsShare: 1 })];
    return tf.mean(tf.squaredDifference(plays, own)).dataSync()[0];
  });
}

test('the statistics of a net to play with are those of its weights, which moving ones are not', async () => {
  const learner = await learned();
  const made = modelFromNet({ spec: learner.spec, weights: await learner.weights(), provenance: {} });
  if (!made.ok) throw new Error(made.message);
  const played = await playedModel(learner, lesson);
  expect(gap(played)).toBeLessThan(gap(made.model) / 20);
  const gathered = /moving_(mean|variance)$/;
  for (const [name, weight] of await weightsOf(played))
    if (!gathered.test(name)) expect(weight, name).toEqual((await learner.weights()).get(name));
  for (const model of [played, made.model, learner]) model.dispose();
});

test('where an average is kept, the net to play with has it for weights', async () => {
  const learner = await learned([], 0.9);
  const [averaged, last] = [await learner.averaged(), await learner.weights()];
  const played = await playedModel(learner, lesson);
  const kernel = (await weightsOf(played)).get('trunk/input/kernel');
  expect(kernel).toEqual(averaged.get('trunk/input/kernel'));
  expect(kernel).not.toEqual(last.get('trunk/input/kernel'));
  for (const model of [played, learner]) model.dispose();
});

test('they are a function of the learner and its lessons, and leave no trace in it', async () => {
  const learner = await learned();
  const [state, before] = [await learner.state(), tf.memory().numTensors];
  const [first, again] = [await playedModel(learner, lesson), await playedModel(learner, lesson)];
  expect(await weightsOf(again)).toEqual(await weightsOf(first));
  for (const model of [first, again]) model.dispose();
  expect(await learner.state()).toEqual(state);
  expect(tf.memory().numTensors).toBe(before);
  learner.dispose();
});

test('frozen layers play with the statistics that they have learned with', async () => {
  const learner = await learned(['trunk/*']);
  const played = await playedModel(learner, lesson);
  const [of, before] = [await weightsOf(played), await learner.weights()];
  for (const part of ['moving_mean', 'moving_variance']) {
    expect(of.get(`trunk/bn/${part}`)).toEqual(before.get(`trunk/bn/${part}`));
    expect(of.get(`policy/bn/${part}`)).not.toEqual(before.get(`policy/bn/${part}`));
  }
  for (const model of [played, learner]) model.dispose();
});

test('a net without batch norm looks at no lesson', async () => {
  const named = namedImageSpec('lenet-300-100:4', { height: 8, width: 8, channels: 1 }, 3);
  if (!named.ok) throw new Error(named.message);
  const learner = new Learner(named.spec, config, 1);
  const played = await playedModel(learner, () => {
    throw new Error('a lesson was asked for');
  });
  expect(await weightsOf(played)).toEqual(await learner.weights());
  for (const model of [played, learner]) model.dispose();
});
