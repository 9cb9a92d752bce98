/** Tests that gradients are those of central differences, by every element of every input, on each backend. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend, type BackendName } from '#nets/backend/backends.ts';
import { missing } from './backend/available.ts';

/** Half the step of a difference: the error of float32 and that of the curvature are then about alike, near 1e-3. */
const H = 1e-2;
const TOLERANCE = 1e-2;

/** Shapes of the inputs, and a function of them. */
export type Case = { readonly inputs: number[][]; readonly f: (...inputs: tf.Tensor[]) => tf.Tensor };

const NAMES: readonly BackendName[] = ['cpu', 'wasm', 'torch'];

export async function expectGradients(cases: Readonly<Record<string, () => Case>>): Promise<void> {
  const reasons = await missing(NAMES);
  describe.each(NAMES)('on the %s backend', (backend) => {
    const reason = reasons.get(backend) ?? null;
    beforeAll(async () => {
      if (reason === null) await useBackend(backend);
    });

    test.skipIf(reason !== null).each(Object.keys(cases))(
      'the gradient of %s is that of central differences',
      (name) => {
        const { inputs, f } = cases[name]();
        const values = inputs.map(
          (shape, i) => tf.randomUniform(shape, 0.2, 1, 'float32', i + 1).dataSync() as Float32Array,
        );
        // Signs alternate, so that nothing is at a kink: |x| > 2 H.
        for (const value of values) value.forEach((x, i) => (value[i] = i % 3 === 0 ? -x : x));
        const tensors = (): tf.Tensor[] => values.map((value, i) => tf.tensor(value, inputs[i]));
        const direction = tf.tidy(() =>
          tf.randomUniform(f(...tensors()).shape, 0.5, 1.5, 'float32', 9).dataSync(),
        );
        const scalar = (...given: tf.Tensor[]): tf.Scalar => {
          const y = f(...given);
          return tf.sum(tf.mul(y, tf.tensor(direction as Float32Array, y.shape)));
        };
        const gradients = tf.tidy(() =>
          tf
            .grads(scalar)(tensors())
            .map((g) => g.dataSync() as Float32Array),
        );
        const at = (): number => tf.tidy(() => scalar(...tensors()).dataSync()[0]);
        for (const [i, value] of values.entries()) {
          const scale = gradients[i].reduce((most, g) => Math.max(most, Math.abs(g)), 0.1);
          for (let k = 0; k < value.length; k++) {
            const x = value[k];
            value[k] = x + H;
            const above = at();
            value[k] = x - H;
            const below = at();
            value[k] = x;
            const difference = (above - below) / (2 * H);
            expect(
              Math.abs(difference - gradients[i][k]) / scale,
              `${name}, input ${i}, element ${k}`,
            ).toBeLessThan(TOLERANCE);
          }
        }
      },
    );
  });
}
