/** Each rule against its paper's formula in float64, and what clipping and averaging keep. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { clipByNorm } from '#nets/ops/clip.ts';
import { adamW, alexNet, nesterov } from '#nets/optimizers/rules.ts';
import type { UpdateRule } from '#nets/optimizers/rules.ts';
import { inFloat64 } from '../float64.ts';

beforeAll(() => useBackend('cpu'));

const number = fc.double({ min: -2, max: 2, noNaN: true });
/** Two weights, of which the second decays, and their gradients over some steps. */
const descent = fc.record({
  weights: fc.tuple(number, number),
  gradients: fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 6 }),
  rate: fc.double({ min: 0.001, max: 0.1, noNaN: true }),
  momentum: fc.double({ min: 0, max: 0.99, noNaN: true }),
  decay: fc.double({ min: 0, max: 0.5, noNaN: true }),
});
type Descent = typeof descent extends fc.Arbitrary<infer T> ? T : never;

/** The weights after all steps of a rule. */
function run(rule: UpdateRule, { weights, gradients, rate, decay }: Descent): number[] {
  return tf.tidy(() => {
    let [at, slots]: [readonly tf.Tensor[], readonly (readonly tf.Tensor[])[]] = [
      weights.map((weight) => tf.tensor1d([weight])),
      rule.slots.map(() => weights.map(() => tf.zeros([1]))),
    ];
    gradients.forEach((pair, i) => {
      const given = pair.map((gradient) => tf.tensor1d([gradient]));
      const step = { gradients: given, rate, decay: [0, decay], step: i + 1 };
      ({ weights: at, slots } = rule.update({ ...step, weights: at, slots }));
    });
    return at.map((weight) => weight.dataSync()[0]);
  });
}

/** Compares a rule with a function of one weight, its gradients and its decay. */
function expectRule(
  ruleOf: (given: Descent) => UpdateRule,
  formula: (weight: number, gradients: number[], decay: number, given: Descent) => number,
): void {
  fc.assert(
    fc.property(descent, (given) => {
      const actual = run(ruleOf(given), given);
      given.weights.forEach((weight, i) => {
        const gradients = given.gradients.map((pair) => pair[i]);
        const expected = formula(weight, gradients, i === 0 ? 0 : given.decay, given);
        expect(Math.abs(actual[i] - expected)).toBeLessThan(1e-5);
      });
    }),
  );
}

test("Nesterov's momentum is Sutskever's (2013, eq. 3 and 4) seen from where the gradient is taken", () => {
  expectRule(
    ({ momentum }) => nesterov(momentum),
    (start, gradients, decay, { rate, momentum }) => {
      // Without decay both agree exactly: theta are the paper's weights, whose gradient is taken at theta + mu v.
      if (decay === 0) {
        let [theta, v] = [start, 0];
        for (const gradient of gradients) {
          const next = momentum * v - rate * gradient;
          [theta, v] = [theta + next, next];
        }
        return theta + momentum * v;
      }
      // The weights that a step begins with lose their share, as in Loshchilov and Hutter's Algorithm 1, line 9.
      let [w, v] = [start, 0];
      for (const gradient of gradients) {
        const begun = w;
        v = momentum * v + gradient;
        w -= rate * gradient;
        w -= rate * momentum * v;
        w -= rate * decay * begun;
      }
      return w;
    },
  );
});

test("AlexNet's step is v <- momentum v - decay rate w - rate g, w <- w + v", () => {
  expectRule(
    ({ momentum }) => alexNet(momentum),
    (start, gradients, decay, { rate, momentum }) => {
      let [w, v] = [start, 0];
      for (const gradient of gradients) {
        v = momentum * v - decay * rate * w - rate * gradient;
        w += v;
      }
      return w;
    },
  );
});

/** [v1, w1, v2, w2, v3, w3] of one weight that starts at 1 with a gradient of 1/2 at each step. */
function alexNetTrace(momentum: number, rate: number, decay: number): number[] {
  const rule = alexNet(momentum);
  return tf.tidy(() => {
    const gradients = [tf.tensor1d([0.5])];
    let [weights, slots]: [readonly tf.Tensor[], readonly (readonly tf.Tensor[])[]] = [
      [tf.tensor1d([1])],
      [[tf.zeros([1])]],
    ];
    return [1, 2, 3].flatMap((step) => {
      ({ weights, slots } = rule.update({ weights, gradients, slots, rate, decay: [decay], step }));
      return [slots[0][0], weights[0]].map((tensor) => tensor.dataSync()[0]);
    });
  });
}

test("three of AlexNet's steps by hand: exact in float32 with binary fractions, and in float64 with the paper's numbers", async () => {
  // v <- v / 2 - w / 8 - 1/8, every value of which float32 holds.
  expect(alexNetTrace(0.5, 0.25, 0.5)).toEqual([-1 / 4, 3 / 4, -11 / 32, 13 / 32, -89 / 256, 15 / 256]);
  const golden = [
    -0.005005, 0.994995, -0.009509474975, 0.985485525025, -0.013563454905125125, 0.9719220701198749,
  ];
  const trace = await inFloat64(() => alexNetTrace(0.9, 0.01, 0.0005));
  trace.forEach((value, i) => expect(Math.abs(value - golden[i])).toBeLessThan(1e-15));
});

test("AdamW is Loshchilov and Hutter's Algorithm 2, line by line", () => {
  const [beta2, epsilon] = [0.99, 1e-3];
  expectRule(
    ({ momentum }) => adamW(momentum, beta2, epsilon),
    (start, gradients, decay, { rate, momentum: beta1 }) => {
      let [theta, m, v] = [start, 0, 0];
      gradients.forEach((gradient, i) => {
        const t = i + 1;
        m = beta1 * m + (1 - beta1) * gradient;
        v = beta2 * v + (1 - beta2) * gradient ** 2;
        const [mHat, vHat] = [m / (1 - beta1 ** t), v / (1 - beta2 ** t)];
        theta -= rate * (mHat / (Math.sqrt(vHat) + epsilon) + decay * theta);
      });
      return theta;
    },
  );
});

test('clipped gradients point where they did and are no longer than the limit; within it nothing changes', () => {
  const limits = fc.double({ min: 0.01, max: 10, noNaN: true });
  fc.assert(
    fc.property(fc.array(number, { minLength: 1, maxLength: 8 }), limits, (numbers, limit) => {
      const [norm, ...clipped] = tf.tidy(() => {
        const given = numbers.map((value) => tf.tensor1d([value]));
        const { norm: length, gradients } = clipByNorm(given, limit);
        return [length, ...gradients].map((tensor) => tensor.dataSync()[0]);
      });
      const expected = Math.hypot(...numbers);
      expect(norm).toBeCloseTo(expected, 5);
      const scale = expected <= limit ? 1 : limit / expected;
      clipped.forEach((value, i) => expect(value).toBeCloseTo(numbers[i] * scale, 5));
    }),
  );
});
