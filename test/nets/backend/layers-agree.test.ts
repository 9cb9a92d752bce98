/** Every kind of layer that tfjs has computes the same on every backend, forward and backward. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { describe, expect, test } from 'vitest';
import { useBackend, type BackendName } from '#nets/backend/backends.ts';
import { missing } from './available.ts';

const NAMES: readonly BackendName[] = ['wasm', 'torch'];
const reasons = await missing(NAMES);

type Made = layers.Layer;
const IMAGE = [2, 8, 8, 4];
const SEQUENCE = [2, 9, 4];
const VOLUME = [1, 5, 5, 5, 2];
const ROWS = [3, 6];

const LAYERS: Readonly<Record<string, [() => Made, number[]]>> = {
  dense: [() => layers.dense({ units: 5, activation: 'tanh' }), ROWS],
  conv1d: [() => layers.conv1d({ filters: 3, kernelSize: 3, padding: 'same' }), SEQUENCE],
  conv2d: [() => layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu' }), IMAGE],
  'conv2d with strides': [
    () => layers.conv2d({ filters: 3, kernelSize: 3, strides: 2, padding: 'same' }),
    IMAGE,
  ],
  conv3d: [() => layers.conv3d({ filters: 3, kernelSize: 2 }), VOLUME],
  'transposed conv2d': [() => layers.conv2dTranspose({ filters: 3, kernelSize: 3, strides: 2 }), IMAGE],
  'depthwise conv2d': [() => layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2 }), IMAGE],
  'separable conv2d': [() => layers.separableConv2d({ filters: 3, kernelSize: 3 }), IMAGE],
  'max pooling': [() => layers.maxPooling2d({ poolSize: 2, strides: 2 }), IMAGE],
  'overlapping max pooling': [() => layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }), IMAGE],
  'max pooling in 1d': [() => layers.maxPooling1d({ poolSize: 2 }), SEQUENCE],
  'max pooling in 3d': [() => layers.maxPooling3d({ poolSize: 2 }), VOLUME],
  'average pooling': [() => layers.averagePooling2d({ poolSize: 2 }), IMAGE],
  'average pooling in 3d': [() => layers.averagePooling3d({ poolSize: 2 }), VOLUME],
  'global max pooling': [() => layers.globalMaxPooling2d({}), IMAGE],
  'global average pooling': [() => layers.globalAveragePooling2d({}), IMAGE],
  'batch normalization': [() => layers.batchNormalization({}), IMAGE],
  'layer normalization': [() => layers.layerNormalization({}), ROWS],
  upsampling: [() => layers.upSampling2d({ size: [2, 2] }), IMAGE],
  'zero padding': [() => layers.zeroPadding2d({ padding: 1 }), IMAGE],
  cropping: [() => layers.cropping2D({ cropping: 1 }), IMAGE],
  'leaky relu': [() => layers.leakyReLU({}), IMAGE],
  prelu: [() => layers.prelu({}), ROWS],
  elu: [() => layers.elu({}), ROWS],
  softmax: [() => layers.softmax({}), ROWS],
  permute: [() => layers.permute({ dims: [2, 1] }), SEQUENCE],
  flatten: [() => layers.flatten({}), IMAGE],
  'simple rnn': [() => layers.simpleRNN({ units: 3, recurrentInitializer: 'glorotNormal' }), SEQUENCE],
  gru: [() => layers.gru({ units: 3, recurrentInitializer: 'glorotNormal' }), SEQUENCE],
  lstm: [() => layers.lstm({ units: 3, recurrentInitializer: 'glorotNormal' }), SEQUENCE],
};

const REDUCTIONS: Readonly<Record<string, (x: tf.Tensor, axis: number) => tf.Tensor>> = {
  sum: tf.sum,
  prod: tf.prod,
  max: tf.max,
  min: tf.min,
  argMax: tf.argMax,
  argMin: tf.argMin,
};

type Result = { y: Float32Array; dx: Float32Array; weights: Float32Array[] };

/** Output and input gradient on a backend; weights are those of the first run. */
async function run(
  backend: BackendName,
  name: string,
  weights: readonly Float32Array[] | null,
): Promise<Result> {
  await useBackend(backend);
  const [make, shape] = LAYERS[name];
  const layer = make();
  const x = tf.randomNormal(shape, -0.5, 1, 'float32', 4);
  // The first call makes the weights.
  layer.apply(x);
  if (weights !== null) {
    const shapes = layer.getWeights().map((weight) => weight.shape);
    layer.setWeights(weights.map((values, i) => tf.tensor(values, shapes[i])));
  }
  const forward = (input: tf.Tensor): tf.Tensor => layer.apply(input, { training: true }) as tf.Tensor;
  const y = forward(x);
  const direction = tf.randomNormal(y.shape, 0, 1, 'float32', 5);
  const dx = tf.grad((input: tf.Tensor) => tf.sum(tf.mul(forward(input), direction)))(x);
  return {
    y: (await y.data()) as Float32Array,
    dx: (await dx.data()) as Float32Array,
    weights: layer.getWeights().map((weight) => Float32Array.from(weight.dataSync())),
  };
}

function worstDifference(a: Float32Array, b: Float32Array): number {
  expect(a).toHaveLength(b.length);
  const scale = b.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) / scale;
}

describe.each(NAMES)('on the %s backend', (backend) => {
  const reason = reasons.get(backend) ?? null;
  test.skipIf(reason !== null).each(Object.keys(LAYERS))(
    'the layer %s gives what it gives on the cpu',
    async (name) => {
      const first = await run('cpu', name, null);
      const expected = await run('cpu', name, first.weights);
      const actual = await run(backend, name, first.weights);
      expect(worstDifference(actual.y, expected.y)).toBeLessThan(1e-4);
      expect(worstDifference(actual.dx, expected.dx)).toBeLessThan(1e-4);
    },
  );

  test.skipIf(reason !== null)('the gradient of gather sums over what was picked twice', async () => {
    await useBackend(backend);
    const picked = (t: tf.Tensor): tf.Tensor =>
      tf.sum(tf.square(tf.gather(t, tf.tensor1d([2, 0, 2], 'int32'))));
    const gradient = tf.grad(picked)(tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]));
    expect([...gradient.dataSync()]).toEqual([2, 4, 0, 0, 20, 24]);
  });

  test.skipIf(reason !== null).each(Object.keys(REDUCTIONS))(
    '%s of no numbers is what it is on the cpu',
    async (name) => {
      const results: unknown[] = [];
      for (const which of ['cpu', backend] as const) {
        await useBackend(which);
        const reduce = REDUCTIONS[name];
        const reduced = [reduce(tf.zeros([0, 3]), 0), reduce(tf.zeros([2, 0]), 1)];
        results.push(reduced.map((t) => [t.dtype, t.shape, [...t.dataSync()]]));
      }
      expect(results[1]).toEqual(results[0]);
    },
  );

  test.skipIf(reason !== null)('relu can be differentiated twice', async () => {
    await useBackend(backend);
    const f = (x: tf.Tensor): tf.Tensor => tf.sum(tf.pow(tf.relu(x), 3));
    const second = tf.grad((x: tf.Tensor) => tf.sum(tf.grad(f)(x)))(tf.tensor1d([2, -1, 3]));
    expect([...second.dataSync()]).toEqual([12, 0, 18]);
  });
});

test.skipIf(reasons.get('torch') !== null)(
  'torch treats whole numbers and truth values as the cpu does',
  async () => {
    const results: number[][] = [];
    for (const name of ['cpu', 'torch'] as const) {
      await useBackend(name);
      const [a, b] = [tf.tensor1d([7, -7, 5, -(2 ** 31)], 'int32'), tf.tensor1d([2, 2, -3, -1], 'int32')];
      const yes = tf.tensor1d([true, false, true, true], 'bool');
      results.push(
        [
          tf.floorDiv(a, b),
          tf.mod(a, b),
          tf.clipByValue(a, -2, 5),
          tf.sum(yes),
          tf.add(yes, yes),
          tf.cast(yes, 'float32'),
        ].flatMap((t) => [...t.dataSync()]),
      );
    }
    expect(results[1]).toEqual(results[0]);
  },
);
