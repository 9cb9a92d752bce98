/** The loss of a net with auxiliary heads: what they add, and that they are gone from the net that plays. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { batchOutputs, disposeBatch, randomBatch } from '#nets/batch.ts';
import { netFromModel } from '#nets/convert.ts';
import { LOSS_WEIGHTS, netLosses } from '#nets/loss.ts';
import type { LossWeights } from '#nets/loss.ts';
import { buildModel } from '#nets/model.ts';
import { playedSpec } from '#nets/spec.ts';
import type { NetSpec } from '#nets/spec.ts';
import { weightShapes } from '#nets/weight-shapes.ts';
import { specOf } from './architectures/small-nets.ts';

beforeAll(() => useBackend('wasm'));

/** Inception, with auxiliary heads at two taps. */
const spec = specOf('inception:4');

test('the total is that of the heads and 0.3 of each auxiliary head', () => {
  const model = buildModel(spec, 1);
  const batch = randomBatch(8, 7, 1);
  const outputs = batchOutputs(model, batch, { training: true });
  const { auxiliary } = outputs;
  expect(auxiliary).toHaveLength(2);
  const total = (of: typeof outputs, weights: LossWeights): number =>
    netLosses(of, batch.targets, weights).total.dataSync()[0];
  const real = total({ ...outputs, auxiliary: [] }, LOSS_WEIGHTS);
  const onlyPolicyAndValue = { ...LOSS_WEIGHTS, score: 0, ownership: 0, reply: 0 };
  const ofTaps = auxiliary.map((tap) => total({ ...outputs, ...tap, auxiliary: [] }, onlyPolicyAndValue));
  expect(total(outputs, LOSS_WEIGHTS)).toBeCloseTo(real + 0.3 * ofTaps[0] + 0.3 * ofTaps[1], 4);
  disposeBatch(batch);
  model.dispose();
});

test('auxiliary heads are no part of the net that plays', async () => {
  const model = buildModel(spec, 1);
  const { weights } = await netFromModel(model, spec, {});
  const isAuxiliary = (name: string): boolean => name.startsWith('aux');
  const names = [...weights.keys()];
  expect(names.filter(isAuxiliary)).not.toEqual([]);
  expect([...weightShapes(playedSpec(spec)).keys()].toSorted()).toEqual(
    names.filter((name) => !isAuxiliary(name)).toSorted(),
  );
  model.dispose();
});

/** Norm of the gradient by the kernels before the second module, at initial weights by this seed. */
function earlyGradientNorm(seed: number, withTaps: boolean): number {
  const trunk = { ...spec.trunk, norm: false } as NetSpec['trunk'];
  const model = buildModel({ ...spec, trunk }, seed);
  const batch = randomBatch(8, 7, 1);
  const early = model.trainableWeights
    .filter(({ originalName }) => /^trunk\/(input|module0\/).*kernel$/.test(originalName))
    .map((weight) => weight.read() as tf.Variable);
  const norm = tf.tidy(() => {
    const { grads } = tf.variableGrads(() => {
      const { auxiliary, ...outputs } = batchOutputs(model, batch, { training: true });
      return netLosses({ ...outputs, auxiliary: withTaps ? auxiliary : [] }, batch.targets).total;
    }, early);
    const squares = Object.values(grads).map((gradient) => tf.sum(tf.square(gradient)));
    return tf.sqrt(tf.addN(squares)).dataSync()[0];
  });
  disposeBatch(batch);
  model.dispose();
  return norm;
}

test('where nothing normalises they bring the first layers a larger gradient, in the mean of five beginnings', () => {
  const mean = (withTaps: boolean): number =>
    [1, 2, 3, 4, 5].reduce((sum, seed) => sum + earlyGradientNorm(seed, withTaps) / 5, 0);
  expect(mean(true)).toBeGreaterThan(mean(false));
});
