/** What optimizers and averages do to the weights of a model. */
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model as makeModel } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { WeightAverage } from '#nets/optimizers/average.ts';
import { Optimizer } from '#nets/optimizers/optimizer.ts';
import type { Penalty } from '#nets/optimizers/penalty.ts';
import { adamW, alexNet, nesterov } from '#nets/optimizers/rules.ts';

beforeAll(() => useBackend('cpu'));

/** A model whose only weights are a kernel [3, 1] and a bias [1]. */
function smallModel(): LayersModel {
  const x = input({ shape: [3] });
  const outputs = layers.dense({ units: 1, name: `dense${++made}` }).apply(x) as never;
  return makeModel({ inputs: x, outputs });
}
let made = 0;

const GOAL = [0.5, -1, 2];

/** Half the squared distance of the kernel from the goal, whose gradient is the difference. */
const distance = (model: LayersModel): tf.Scalar =>
  tf.mul(tf.sum(tf.square(tf.sub(model.weights[0].read(), tf.tensor2d(GOAL, [3, 1])))), 0.5);

test.each([
  ['nesterov', nesterov(0.9), 0.02],
  ['alexnet', alexNet(0.9), 0.02],
  ['adamw', adamW(0.9, 0.999, 1e-8), 0.05],
] as const)('%s finds the bottom of a bowl, and tells its distance and slope', (_, rule, rate) => {
  const model = smallModel();
  const optimizer = new Optimizer(model, rule);
  let last = NaN;
  for (let i = 0; i < 400; i++) {
    const { loss, gradientNorm } = optimizer.minimize(() => distance(model), rate);
    [last] = loss.dataSync();
    expect(gradientNorm.dataSync()[0]).toBeCloseTo(Math.sqrt(2 * last), 4);
    tf.dispose([loss, gradientNorm]);
  }
  expect(last).toBeLessThan(1e-4);
  expect(optimizer.steps).toBe(400);
  optimizer.dispose();
  model.dispose();
});

test('a limit on the norm holds the first step, penalty included, and decay is by shape', () => {
  const model = smallModel();
  const [kernel, bias] = model.weights.map((weight) => weight.read());
  tf.tidy(() => {
    model.weights[0].write(tf.tensor2d([100, 0, 0], [3, 1]));
    model.weights[1].write(tf.tensor1d([8]));
  });
  const decay = ({ length }: readonly number[]): number => (length === 1 ? 0.5 : 0);
  const penalty = ({ length }: readonly number[]): Penalty | null =>
    length === 2 ? { l1: 0, l2: 10, groupLasso: 0 } : null;
  const optimizer = new Optimizer(model, nesterov(0), { clipNorm: 2, decay, penalty });
  tf.dispose(optimizer.minimize(() => distance(model), 0.1));
  const expected = [100 - 0.1 * 2, 0, 0];
  kernel.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i], 1));
  expect(Math.hypot(kernel.dataSync()[0] - 100, ...kernel.dataSync().slice(1))).toBeCloseTo(0.2, 4);
  expect(bias.dataSync()[0]).toBeCloseTo(8 * (1 - 0.1 * 0.5), 5);
  optimizer.dispose();
  model.dispose();
});

test('an average follows a - (1 - share) (a - w), its share rising to the decay, and stays where the weights stay', () => {
  const model = smallModel();
  tf.tidy(() => void model.weights[1].write(tf.tensor1d([0])));
  const average = new WeightAverage(model.weights, 0.5);
  const [name] = [...average.tensors().keys()].slice(-1);
  let expected = 0;
  for (let step = 1; step <= 12; step++) {
    tf.tidy(() => void model.weights[1].write(tf.tensor1d([step])));
    average.update(step);
    const share = Math.min(0.5, (1 + step) / (10 + step));
    expected = share * expected + (1 - share) * step;
    expect(average.tensors().get(name)?.dataSync()[0]).toBeCloseTo(expected, 4);
  }
  const kernels = [...average.tensors().values()][0].dataSync();
  model.weights[0]
    .read()
    .dataSync()
    .forEach((value, i) => expect(kernels[i]).toBeCloseTo(value, 5));
  average.dispose();
  model.dispose();
});
