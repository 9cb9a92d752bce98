/** Solutions as functions of tensors: their gradients, and what they leave behind. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { solution } from '#nets/ode/differentiable.ts';
import type { Equation } from '#nets/ode/differentiable.ts';
import type { Solver } from '#nets/ode/solve.ts';

beforeAll(() => useBackend('wasm'));

const METHODS = ['backprop', 'adjoint'] as const;
const CHANNELS = 3;

/** A small convolution of time and state. */
const dynamics: Equation['dynamics'] = (x, t, [kernel, slope], mask) => {
  const sum = tf.add(tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same'), tf.mul(slope, t));
  return mask === null ? tf.tanh(sum) : tf.mul(tf.tanh(sum), mask);
};
const equation = (gradient: Equation['gradient'], solver: Solver): Equation => ({
  dynamics,
  span: [0, 1],
  solver,
  gradient,
});
const random = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed);
const start = (samples: number): tf.Tensor => random([samples, 4, 4, CHANNELS], 1);
const theta = (): tf.Tensor[] => [tf.mul(random([3, 3, CHANNELS, CHANNELS], 2), 0.5), random([CHANNELS], 3)];

/** dL/dx0 and dL/dtheta for L = sum of x(1)^2. */
function gradients(problem: Equation, x0: tf.Tensor, parameters: tf.Tensor[]): tf.Tensor[] {
  const loss = (x: tf.Tensor, ...rest: tf.Tensor[]): tf.Tensor =>
    tf.sum(tf.square(solution(problem, x, rest, null)));
  return tf.grads(loss)([x0, ...parameters]);
}

function distance(a: tf.Tensor, b: tf.Tensor): number {
  return tf.div(tf.max(tf.abs(tf.sub(a, b))), tf.add(tf.max(tf.abs(b)), 1e-12)).dataSync()[0];
}

test('backpropagation gives the gradient of the steps written out', () => {
  tf.tidy(() => {
    const steps = 5;
    const byHand = (x0: tf.Tensor, ...parameters: tf.Tensor[]): tf.Tensor => {
      let x = x0;
      for (let n = 0; n < steps; n++)
        x = tf.add(x, tf.mul(dynamics(x, tf.scalar(n / steps), parameters, null), 1 / steps));
      return tf.sum(tf.square(x));
    };
    const expected = tf.grads(byHand)([start(2), ...theta()]);
    const got = gradients(equation('backprop', { kind: 'euler', steps }), start(2), theta());
    got.forEach((gradient, i) => expect(distance(gradient, expected[i])).toBeLessThan(1e-5));
  });
});

test('both ways agree where the steps are fine', () => {
  tf.tidy(() => {
    const solver: Solver = { kind: 'dopri5', rtol: 1e-5, atol: 1e-5 };
    const [a, b] = METHODS.map((method) => gradients(equation(method, solver), start(3), theta()));
    a.forEach((gradient, i) => expect(distance(gradient, b[i])).toBeLessThan(1e-3));
  });
});

test('a sample is solved as if it were alone, in a larger buffer as in one of its size', () => {
  tf.tidy(() => {
    const problem = equation('backprop', { kind: 'dopri5', rtol: 1e-3, atol: 1e-3 });
    const scales = tf.tensor([0.01, 1, 30], [3, 1, 1, 1]);
    const x0 = tf.mul(start(3), scales);
    const together = solution(problem, x0, theta(), null);
    const pad = (x: tf.Tensor): tf.Tensor =>
      tf.pad(x, [
        [0, 0],
        [0, 2],
        [0, 3],
        [0, 0],
      ]);
    const mask = pad(tf.ones([1, 4, 4, 1]));
    for (let b = 0; b < 3; b++) {
      const one = tf.slice(x0, [b, 0, 0, 0], [1, -1, -1, -1]);
      const alone = solution(problem, one, theta(), null);
      expect(distance(tf.slice(together, [b, 0, 0, 0], [1, -1, -1, -1]), alone)).toBeLessThan(1e-5);
      const padded = solution(problem, pad(one), theta(), mask);
      expect(distance(padded, pad(alone))).toBeLessThan(1e-5);
    }
  });
});

describe.each(METHODS)('by %s', (method) => {
  const problem = (steps: number): Equation => equation(method, { kind: 'rk4', steps });

  test('masks keep what is off the board out of the gradients', () => {
    tf.tidy(() => {
      const board = tf.ones([2, 4, 4, 1]);
      const [x0, parameters] = [start(2), theta()];
      const expected = gradients(problem(3), x0, parameters);
      const pad = (x: tf.Tensor): tf.Tensor =>
        tf.pad(x, [
          [0, 0],
          [0, 1],
          [0, 1],
          [0, 0],
        ]);
      const loss = (x: tf.Tensor, ...rest: tf.Tensor[]): tf.Tensor =>
        tf.sum(tf.square(solution(problem(3), pad(x), rest, pad(board))));
      const got = tf.grads(loss)([x0, ...parameters]);
      got.forEach((gradient, i) => expect(distance(gradient, expected[i])).toBeLessThan(1e-5));
    });
  });

  test('no tensor is left behind', () => {
    const [x0, parameters] = [start(2), theta()];
    for (const solver of [problem(3).solver, { kind: 'dopri5', rtol: 1e-3, atol: 1e-3 } as const]) {
      const before = tf.memory();
      tf.dispose(gradients(equation(method, solver), x0, parameters));
      solution(equation(method, solver), x0, parameters, null).dispose();
      expect(tf.memory().numTensors).toBe(before.numTensors);
      expect(tf.memory().numBytes).toBe(before.numBytes);
    }
    tf.dispose([x0, parameters]);
  });
});
