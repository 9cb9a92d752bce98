/** What batch norms gather while training, what they play with, and what they are good for. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { model as makeModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { BN_EPSILON } from '#nets/architectures/layers.ts';
import type { Layers } from '#nets/architectures/layers.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { weightsOf } from '#nets/convert.ts';
import { crossEntropy } from '#nets/ops/losses.ts';
import { Optimizer } from '#nets/optimizers/optimizer.ts';
import { nesterov } from '#nets/optimizers/rules.ts';
import { reestimateStatistics } from '#nets/statistics.ts';
import { apply, boardsIn, boardsOf, modelOf, onnxOf, runOnnx, worstDifference } from './small-nets.ts';
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

test.each([
  ['a kernel of ours', 8],
  ['operations of tfjs', 5],
])(
  'a 9x9 board and one of 19x19 are normalised together while training, by what is on either (%s)',
  async (_, channels) => {
    const net: SmallNet = (l) => l.batchNorm('bn', l.conv('conv', l.planes, channels, 3), { relu: false });
    const model = modelOf(net, 'boards');
    const weights = await weightsOf(model);
    const of = (part: string): tf.Tensor => tf.tensor(weights.get(`bn/${part}`)!.values);
    const given = boardsOf(19, [9, 19]);
    const before = layerOutput(model, 'conv', [given.planes, given.globals]);
    /** [points, channels] of both boards. */
    const onBoards = (map: tf.Tensor): tf.Tensor =>
      tf.concat(
        [9, 19].map((size, b) =>
          tf.reshape(tf.slice(map, [b, 0, 0, 0], [1, size, size, -1]), [-1, channels]),
        ),
      );
    const { mean, variance } = tf.moments(onBoards(before), 0);
    const points = 9 * 9 + 19 * 19;
    const whitened = tf.div(tf.sub(onBoards(before), mean), tf.sqrt(tf.add(variance, BN_EPSILON)));
    const expected = tf.add(tf.mul(whitened, of('gamma')), of('beta'));

    const normed = apply(model, given, 'boards', { training: true, statisticsShare: 0 });
    expect(worstDifference(onBoards(normed), expected)).toBeLessThan(1e-5);
    expect(tf.sum(tf.abs(normed)).dataSync()[0]).toBeCloseTo(tf.sum(tf.abs(expected)).dataSync()[0], 1);
    const gathered = await weightsOf(model);
    const statistics = { moving_mean: mean, moving_variance: tf.mul(variance, points / (points - 1)) };
    for (const [part, value] of Object.entries(statistics))
      expect(worstDifference(tf.tensor(gathered.get(`bn/${part}`)!.values), value)).toBeLessThan(1e-5);
    model.dispose();
  },
);

const FOLDED: Readonly<Record<string, SmallNet>> = {
  'a convolution': (l) => l.batchNorm('bn', l.conv('conv', l.planes, 6, 3), { relu: false }),
  'a convolution with a bias': (l) => l.batchNorm('bn', l.conv('conv', l.planes, 6, 3, { bias: true })),
  'a convolution in groups': (l) => l.batchNorm('bn', l.conv('conv', l.planes, 6, 3, { groups: 2 })),
  'a convolution with a stride': (l) => l.batchNorm('bn', l.conv('conv', l.planes, 6, 3, { stride: 2 })),
  'a dense layer': (l) => l.batchNorm('bn', l.dense('dense', l.pointMean('mean', l.planes), 6)),
  'a convolution and a vector': (l) => {
    const vector = l.dense('dense', l.pointMean('mean', l.planes), 6);
    return l.batchNorm('bn', l.addVector('sum', l.conv('conv', l.planes, 6, 3), vector));
  },
  'convolutions one after the other': twoNorms,
};

test.each(Object.keys(FOLDED))(
  'exports fold a norm into %s, and say what the net says with its norms',
  async (name) => {
    const model = modelOf(FOLDED[name], 'boards');
    const given = boardsIn(9, 9);
    const expected = apply(model, given, 'boards');
    const graph = onnxOf(FOLDED[name], 'boards', true);
    expect(Buffer.from(graph).includes('BatchNormalization')).toBe(false);
    const size = tf.max(tf.abs(expected)).dataSync()[0];
    expect(worstDifference(await runOnnx(graph, given, 'boards'), expected)).toBeLessThan(1e-5 * size);
    model.dispose();
  },
);

test('a norm of what others read too is not folded', () => {
  const net: SmallNet = (l) => {
    const conv = l.conv('conv', l.planes, 6, 3);
    return l.add('sum', conv, l.batchNorm('bn', conv));
  };
  expect(Buffer.from(onnxOf(net, 'boards', true)).includes('BatchNormalization')).toBe(true);
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
