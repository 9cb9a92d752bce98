/** Pruning: which filters go, and that the net which is left can learn. */
import * as tf from '@tensorflow/tfjs-core';
import { model as makeModel } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { KATAGO_V7 } from '#nets/features/katago-v7.ts';
import { modelFromNet } from '#nets/convert.ts';
import type { NetFile } from '#nets/file.ts';
import { filterEnergies } from '#nets/prune/importance.ts';
import { innerFilters } from '#nets/prune/inner-filters.ts';
import { weightOf } from '#nets/weight-of.ts';
import { boardLesson } from '#training/board-lesson.ts';
import { makeBatch } from '#training/example.ts';
import { askedExample } from '#training/record-positions.ts';
import { LearnerConfig } from '#training/learner-config.ts';
import { Learner } from '#training/learner.ts';
import { pruneFilters } from '#training/prune.ts';
import { ordinary, randomKataGoNet } from '../nets/katago/random-nets.ts';

beforeAll(() => useBackend('cpu'));

const net = randomKataGoNet(15, [ordinary('relu')], 'relu');

/** The net with a weight changed. */
function changed(of: NetFile, name: string, value: (old: number, index: number) => number): NetFile {
  const { shape, values } = weightOf(of, name);
  return { ...of, weights: new Map(of.weights).set(name, { shape, values: values.map(value) }) };
}

const rules = makeRules('chinese');
const asked = [20, 12].map((move) => {
  const position = Position.start({ width: 5, height: 5, rules });
  return { position, move, outcomeBlack: 1 as const };
});

test('filters that are never on and filters that nobody listens to go first', async () => {
  const [deaf, off] = [2, 4];
  const { shape } = weightOf(net, 'trunk/block0/conv2/kernel');
  const inputOf = (index: number): number => Math.floor(index / shape[3]) % shape[2];
  const withDeaf = changed(net, 'trunk/block0/conv2/kernel', (old, i) => (inputOf(i) === deaf ? 0 : old));
  const before = changed(withDeaf, 'trunk/block0/norm2/shift', (old, c) => (c === off ? -1000 : old));
  const pruned = await pruneFilters(before, asked, { keep: 4 / 6 });
  const kept = weightOf(pruned, 'trunk/block0/norm2/shift').values;
  const shifts = weightOf(before, 'trunk/block0/norm2/shift').values;
  expect([...kept]).toEqual([...shifts].filter((_, c) => c !== deaf && c !== off));
  expect(weightOf(pruned, 'trunk/block0/conv1/kernel').shape).toEqual([3, 3, 8, 4]);
});

test('at least one filter of a block stays', async () => {
  const thin = await pruneFilters(net, asked, { keep: 0.01 });
  expect(weightOf(thin, 'trunk/block0/conv2/kernel').shape).toEqual([3, 3, 1, 8]);
});

test('a pruned net learns', async () => {
  const pruned = await pruneFilters(net, asked, { keep: 0.5 });
  const config = LearnerConfig.parse({ learningRate: 0.01, warmup: 0 });
  const learner = new Learner(pruned.spec, config, 1);
  expect(learner.start(pruned.weights)).toBeNull();
  const losses: number[] = [];
  for (let step = 0; step < 5; step++) {
    const lesson = boardLesson(makeBatch(asked.map((one) => askedExample(one, KATAGO_V7))), config);
    losses.push((await learner.step(lesson)).totalLoss);
    lesson.dispose();
  }
  learner.dispose();
  expect(losses[4]).toBeLessThan(losses[0]);
});

test('energies are those of the activations, point by point, and of what listens to them; nothing is left in memory', async () => {
  const two = randomKataGoNet(15, [ordinary('mish'), ordinary('mish')], 'mish');
  const made = modelFromNet(two);
  if (!made.ok) throw new Error(made.message);
  const { model } = made;
  const wide = { position: Position.start({ width: 7, height: 6, rules }), move: 3, outcomeBlack: null };
  const batches = [asked, [...asked, wide]].map((some) =>
    makeBatch(some.map((one) => askedExample(one, KATAGO_V7))),
  );
  const tensors = tf.memory().numTensors;
  const energies = await filterEnergies(model, two.weights, innerFilters(two.spec), batches);
  expect(tf.memory().numTensors).toBe(tensors);
  for (const block of ['trunk/block0', 'trunk/block1']) {
    const { shape, values } = weightOf(two, `${block}/conv2/kernel`);
    const heard = new Float64Array(shape[2]);
    values.forEach((value, i) => (heard[Math.floor(i / shape[3]) % shape[2]] += value ** 2));
    const output = model.getLayer(`${block}/norm2`).output as SymbolicTensor;
    const probe = makeModel({ inputs: model.inputs, outputs: output });
    const expected = new Float64Array(shape[2]);
    for (const { planes, globals } of batches) {
      const map = probe.predict([planes, globals]) as tf.Tensor;
      (await map.data()).forEach((value, i) => (expected[i % shape[2]] += value ** 2));
    }
    const found = energies.get(block) as Float64Array;
    expected.forEach((energy, c) => expect(found[c] / (energy * heard[c])).toBeCloseTo(1, 4));
  }
});
