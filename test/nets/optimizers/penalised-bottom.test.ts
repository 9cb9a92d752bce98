/** Each rule, with the penalties that it takes, ends where loss and penalties together are least. */
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model as makeModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { Optimizer } from '#nets/optimizers/optimizer.ts';
import type { Penalty } from '#nets/optimizers/penalty.ts';
import { adamW, alexNet, nesterov } from '#nets/optimizers/rules.ts';
import type { UpdateRule } from '#nets/optimizers/rules.ts';

beforeAll(() => useBackend('cpu'));

/** Where |w - goal|^2 / 2 and the penalty bring a kernel [2, 2], whose filters are its columns, by descent from 0.3 each. */
function restingPlace(rule: UpdateRule, rate: number, goal: number[], penalty: Penalty): number[] {
  const x = input({ shape: [2] });
  const dense = layers.dense({ units: 2, useBias: false, name: `dense${++made}` });
  const model = makeModel({ inputs: x, outputs: dense.apply(x) as never });
  const [kernel] = model.trainableWeights;
  tf.tidy(() => void kernel.write(tf.fill([2, 2], 0.3)));
  const optimizer = new Optimizer(model, rule, { penalty: () => penalty });
  const distance = (): tf.Scalar =>
    tf.mul(tf.sum(tf.square(tf.sub(kernel.read(), tf.tensor2d(goal, [2, 2])))), 0.5);
  for (let i = 0; i < 300; i++) {
    const { loss, gradientNorm } = optimizer.minimize(distance, rate);
    tf.dispose([loss, gradientNorm]);
  }
  const found = [...kernel.read().dataSync()];
  optimizer.dispose();
  model.dispose();
  return found;
}
let made = 0;

const RULES = [
  ['descent without momentum', nesterov(0), 0.1],
  ['nesterov', nesterov(0.9), 0.02],
  ['alexnet', alexNet(0.9), 0.02],
] as const;

/** Worked by hand: of (w - a)^2 / 2 + l1 |w| + l2 w^2 / 2 the least is at sign(a) max(|a| - l1, 0) / (1 + l2), of filters at (1 - groupLasso / |a|) a. */
const BOTTOMS = [
  ['l1', { l1: 0.2, l2: 0, groupLasso: 0 }, [1, 0.15, -1, -0.1], [0.8, 0, -0.8, 0]],
  ['l2', { l1: 0, l2: 0.25, groupLasso: 0 }, [1, 0.15, -1, -0.1], [0.8, 0.12, -0.8, -0.08]],
  ['the elastic net', { l1: 0.2, l2: 0.6, groupLasso: 0 }, [1, 0.15, -1, -0.1], [0.5, 0, -0.5, 0]],
  ['group lasso', { l1: 0, l2: 0, groupLasso: 1 }, [3, 0.6, 4, 0.7], [2.4, 0, 3.2, 0]],
  ['l1 with group lasso', { l1: 1, l2: 0, groupLasso: 1 }, [4, 1.6, 5, -1.7], [2.4, 0, 3.2, 0]],
] as const;

const cases = RULES.flatMap(([rule, step, rate]) =>
  BOTTOMS.map(([name, penalty, goal, bottom]) => ({ rule, step, rate, name, penalty, goal, bottom })),
);

test.each(cases)('$rule finds the bottom with $name', ({ step, rate, penalty, goal, bottom }) => {
  const found = restingPlace(step, rate, [...goal], penalty);
  found.forEach((value, i) => {
    if (bottom[i] === 0) expect(Math.abs(value)).toBe(0);
    else expect(value).toBeCloseTo(bottom[i], 3);
  });
});

test('AdamW finds the bottom with l2, and takes no corners', () => {
  const rule = adamW(0.9, 0.999, 1e-8);
  const [, l2, goal, bottom] = BOTTOMS[1];
  restingPlace(rule, 0.02, [...goal], l2).forEach((value, i) => expect(value).toBeCloseTo(bottom[i], 3));
  expect(() => restingPlace(rule, 0.02, [...goal], BOTTOMS[0][1])).toThrow('a rule of unknown gain');
});
