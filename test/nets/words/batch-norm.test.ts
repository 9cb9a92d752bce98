/** What batch norms gather while training, what they play with, and what they are good for. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { model as makeModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import type { Layers } from '#nets/architectures/layers.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { weightsOf } from '#nets/convert.ts';
import { foldedBatchNorm } from '#nets/layers/fold.ts';
import { crossEntropy } from '#nets/ops/losses.ts';
import { Optimizer } from '#nets/optimizers/optimizer.ts';
import { nesterov } from '#nets/optimizers/rules.ts';
import { reestimateStatistics } from '#nets/statistics.ts';
import { apply, boardsIn, modelOf, worstDifference } from './small-nets.ts';
import type { SmallNet } from './words.ts';

beforeAll(() => useBackend('wasm'));

const twoNorms: SmallNet = (l) => {
  const first = l.batchNorm('bn1', l.conv('conv1', l.planes, 5, 3));
  return l.batchNorm('bn2', l.conv('conv2', first, 4, 3), { relu: false });
};

/** Output of a layer of a model with the batch statistics. */
function layerOutput(model: LayersModel, layer: string, inputs: tf.Tensor[]): tf.Tensor {
  const part = makeModel({ inputs: model.inputs, outputs: model.getLayer(layer).output });
  // So that the statistics stay as they are.
  return part.apply(inputs, { training: true, statisticsShare: 1 }) as tf.Tensor;
}

test('statistics found anew are plain means over the batches, of variances that count m / (m - 1)', async () => {
  const model = modelOf(twoNorms, 'boards');
  const batches = [1, 2, 3].map((seed) => {
    const { planes, globals } = boardsIn(7, 5, seed);
    return [planes, globals];
  });
  reestimateStatistics(batches.map((inputs) => (applied) => model.apply(inputs, applied) as tf.Tensor));
  const weights = await weightsOf(model);
  for (const [norm, conv] of [
    ['bn1', 'conv1'],
    ['bn2', 'conv2'],
  ]) {
    const moments = batches.map((inputs) => {
      const onBoard = tf.slice(layerOutput(model, conv, inputs), [0, 0, 0, 0], [-1, 5, 5, -1]);
      const { mean, variance } = tf.moments(onBoard, [0, 1, 2]);
      return [mean, tf.mul(variance, 50 / 49)];
    });
    ['moving_mean', 'moving_variance'].forEach((part, i) => {
      const expected = tf.mean(tf.stack(moments.map((one) => one[i])), 0);
      const actual = tf.tensor(weights.get(`${norm}/${part}`)!.values);
      expect(worstDifference(actual, expected)).toBeLessThan(1e-4);
    });
  }
  model.dispose();
});

test('a norm folded into the convolution before it gives what the two give', async () => {
  const model = modelOf((l) => l.batchNorm('bn', l.conv('conv', l.planes, 6, 3), { relu: false }), 'boards');
  const weights = await weightsOf(model);
  const { scale, shift } = foldedBatchNorm({ weights }, 'bn');
  const { shape, values } = weights.get('conv/kernel')!;
  const kernel = tf.mul(tf.tensor4d(values, shape as [number, number, number, number]), tf.tensor1d(scale));
  const given = boardsIn(9, 9);
  const folded = tf.add(tf.conv2d(given.planes, kernel as tf.Tensor4D, 1, 'same'), tf.tensor1d(shift));
  expect(worstDifference(apply(model, given, 'boards'), folded)).toBeLessThan(1e-5);
  model.dispose();
});

/** After gradient descent on two boards at this rate; log 2 is that of a guess. */
function lossAfter(net: SmallNet, rate: number): number {
  const model = modelOf(net, 'boards', 'initial');
  const optimizer = new Optimizer(model, nesterov(0));
  const given = boardsIn(5, 5);
  const target = tf.tensor2d([1, 0, 0, 1], [2, 2]);
  let loss = NaN;
  for (let i = 0; i < 80; i++) {
    const made = optimizer.minimize(
      () => crossEntropy(apply(model, given, 'boards', { training: true }) as tf.Tensor2D, target),
      rate,
    );
    [loss] = made.loss.dataSync();
    tf.dispose([made.loss, made.gradientNorm]);
  }
  optimizer.dispose();
  model.dispose();
  return loss;
}

test('with batch norms a net learns at rates at which without them it does not', () => {
  const deep =
    (after: <X>(l: Layers<X>, name: string, x: X) => X): SmallNet =>
    (l) => {
      let x = l.planes;
      for (let i = 0; i < 8; i++) x = after(l, `after${i}`, l.conv(`conv${i}`, x, 8, 3));
      return l.dense('out', l.pointMean('mean', x), 2);
    };
  const nets = {
    normed: deep((l, name, x) => l.batchNorm(name, x)),
    plain: deep((l, name, x) => l.activate(name, x, 'relu')),
  };
  const learns = (net: SmallNet, rate: number): boolean => lossAfter(net, rate) < 0.2;
  const rates = [0.1, 0.3, 1, 3];
  expect(rates.filter((rate) => learns(nets.normed, rate))).toEqual(rates);
  expect(rates.filter((rate) => learns(nets.plain, rate))).toEqual([0.1]);
});
