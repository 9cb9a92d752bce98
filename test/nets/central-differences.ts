/** Tests that gradients are those of central differences in float64, by every element of every input, and so on each backend. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { useBackend, type BackendName } from '#nets/backend/backends.ts';
import { missing } from './backend/available.ts';
import { inFloat64 } from './float64.ts';

/** Half the step of a difference: in float64 its rounding and the curvature then leave about nine digits. */
const H = 1e-5;
/** Of each element, in float64. */
const TOLERANCE = 1e-6;
/** What counts as 0 beside the largest element of a gradient. */
const NOTHING = 1e-5;
/** In float32, beside the largest element. */
const FLOAT32_TOLERANCE = 1e-5;

/** Shapes of the inputs, and a function of them. */
export type Case = {
  readonly inputs: number[][];
  readonly f: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** Where the gradient is no closer than that by nature. */
  readonly tolerance?: number;
};

const NAMES: readonly BackendName[] = ['cpu', 'wasm', 'torch'];

/** Of sizes from 0.2 to 1 and both signs, so that nothing is at the kink of a relu. */
const valuesOf = ({ inputs }: Case): number[][] =>
  inputs.map((shape, i) =>
    [...tf.randomUniform(shape, 0.2, 1, 'float32', i + 1).dataSync()].map((x, k) => (k % 3 === 0 ? -x : x)),
  );

const tensorsOf = ({ inputs }: Case, values: readonly number[][]): tf.Tensor[] =>
  values.map((value, i) => tf.tensor(value, inputs[i], 'float32'));

/** The sum of all outputs, each with a weight of its own. */
const weighted = (y: tf.Tensor): tf.Scalar =>
  tf.sum(tf.mul(y, tf.randomUniform(y.shape, 0.5, 1.5, 'float32', 9)));

const gradients = (made: Case): number[][] =>
  tf.tidy(() =>
    tf
      .grads((...given) => weighted(made.f(...given)))(tensorsOf(made, valuesOf(made)))
      .map((gradient) => [...gradient.dataSync()]),
  );

function differences(made: Case): number[][] {
  const values = valuesOf(made);
  const at = (): number => tf.tidy(() => weighted(made.f(...tensorsOf(made, values))).dataSync()[0]);
  return values.map((value) =>
    value.map((x, k) => {
      const [above, below] = [x + H, x - H].map((moved) => {
        value[k] = moved;
        return at();
      });
      value[k] = x;
      return (above - below) / (2 * H);
    }),
  );
}

const largest = (values: readonly number[]): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

export async function expectGradients(cases: Readonly<Record<string, () => Case>>): Promise<void> {
  const reasons = await missing(NAMES);

  test.each(Object.keys(cases))('the gradient of %s is that of central differences', async (name) => {
    const { actual, expected, tolerance } = await inFloat64(() => {
      const made = cases[name]();
      const { tolerance = TOLERANCE } = made;
      return { actual: gradients(made), expected: differences(made), tolerance };
    });
    expected.forEach((difference, i) => {
      const least = NOTHING * largest(difference);
      difference.forEach((value, k) =>
        expect(Math.abs(actual[i][k] - value), `input ${i}, element ${k}`).toBeLessThanOrEqual(
          tolerance * Math.max(Math.abs(value), least),
        ),
      );
    });
  });

  describe.each(NAMES)('on the %s backend', (backend) => {
    test.skipIf(reasons.get(backend) !== null).each(Object.keys(cases))(
      'the gradient of %s is that of float64',
      async (name) => {
        const expected = await inFloat64(() => gradients(cases[name]()));
        await useBackend(backend);
        const actual = gradients(cases[name]());
        expected.forEach((gradient, i) => {
          const worst = largest(gradient.map((value, k) => actual[i][k] - value));
          expect(worst, `input ${i}`).toBeLessThanOrEqual(FLOAT32_TOLERANCE * largest(gradient));
        });
      },
    );
  });
}
