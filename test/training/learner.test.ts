/** The learner: learns, resumes to the same bytes, and says what does not fit. */
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { disposeBatch, randomBatch } from '#nets/batch.ts';
import { resnetSpec } from '#nets/spec.ts';
import { weightsProblem } from '#nets/weight-shapes.ts';
import { LearnerConfig } from '#training/learner-config.ts';
import { Learner } from '#training/learner.ts';

beforeAll(() => useBackend('wasm'));

const spec = resnetSpec(1, 4);
const learners: Learner[] = [];
afterEach(() => learners.splice(0).forEach((learner) => learner.dispose()));

function learner(options: object = {}, seed = 1): Learner {
  const made = new Learner(spec, LearnerConfig.parse({ warmup: 2, clipNorm: 1, ...options }), seed);
  learners.push(made);
  return made;
}

async function steps(of: Learner, count: number): Promise<Record<string, number>> {
  let losses: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const batch = randomBatch(4, 5, of.steps);
    losses = await of.step(batch);
    disposeBatch(batch);
  }
  return losses;
}

test.each(['nesterov', 'alexnet', 'adamw'])(
  'with %s a learner restored from a state goes on to the same bytes',
  async (optimizer) => {
    const [straight, stopped, resumed] = [1, 1, 2].map((seed) => learner({ optimizer }, seed));
    await steps(straight, 5);
    await steps(stopped, 3);
    expect(resumed.restore(await stopped.state())).toBeNull();
    expect(resumed.steps).toBe(3);
    expect(await steps(resumed, 2)).toEqual(await steps(learner({ optimizer }), 5));
    expect(await resumed.state()).toEqual(await straight.state());
    expect(await resumed.averaged()).toEqual(await straight.averaged());
  },
);

test('what is saved as a net has no head of the reply, whose loss is learned all the same', async () => {
  const made = learner();
  expect(await steps(made, 1)).toHaveProperty('replyLoss');
  for (const weights of [await made.weights(), await made.averaged()])
    expect(weightsProblem(made.spec, weights)).toBeNull();
  expect(await steps(learner({ lossWeights: { reply: 0 } }), 1)).not.toHaveProperty('replyLoss');
});

test('steps leave no tensor behind, and neither does the learner', async () => {
  const before = tf.memory().numTensors;
  const made = learner({ optimizer: 'adamw' });
  await steps(made, 1);
  const during = tf.memory().numTensors;
  await steps(made, 3);
  expect(tf.memory().numTensors).toBe(during);
  learners.pop()?.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
