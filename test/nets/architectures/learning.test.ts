/** What every architecture owes whoever trains it: a gradient for every weight, and a policy that comes near what it is taught. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { batchLosses, disposeBatch, randomBatch } from '#nets/batch.ts';
import type { Batch } from '#nets/batch.ts';
import { buildModel } from '#nets/model.ts';
import { Optimizer } from '#nets/optimizers/optimizer.ts';
import { adamW } from '#nets/optimizers/rules.ts';
import { SMALL_NETS, specOf } from './small-nets.ts';

beforeAll(() => useBackend('wasm'));

/** With globals, so that what reads them learns as well. */
function batchOf(count: number, size: number): Batch {
  const batch = randomBatch(count, size, 2);
  const globals: tf.Tensor2D = tf.randomUniform(batch.globals.shape, 0, 1, 'float32', 3);
  batch.globals.dispose();
  return { ...batch, globals };
}

/** Policy losses of steps on one batch. */
function policyLosses(model: LayersModel, batch: Batch, steps: number, rate: number): number[] {
  const optimizer = new Optimizer(model, adamW(0.9, 0.999, 1e-8), { clipNorm: 5 });
  const losses = Array.from({ length: steps }, (_, seed) => {
    let policy = NaN;
    const made = optimizer.minimize(() => {
      const terms = batchLosses(model, batch, { seed });
      [policy] = terms.policy.dataSync();
      return terms.total;
    }, rate);
    tf.dispose([made.loss, made.gradientNorm]);
    return policy;
  });
  optimizer.dispose();
  return losses;
}

describe.each(SMALL_NETS)('the net %s', (name) => {
  test('has a gradient for every weight, and none that is not finite', () => {
    const model = buildModel(specOf(name), 1);
    const batch = batchOf(4, 5);
    const pending = new Map(
      model.trainableWeights.map((weight) => [weight.originalName, weight.read() as tf.Variable]),
    );
    // A step may drop the paths that a weight is on.
    for (let seed = 1; pending.size > 0 && seed <= 20; seed++) {
      const loss = (): tf.Scalar => batchLosses(model, batch, { seed }).total;
      const { value, grads } = tf.variableGrads(loss, [...pending.values()]);
      expect(Number.isFinite(value.dataSync()[0])).toBe(true);
      for (const [weight, variable] of pending) {
        const gradient = (grads[variable.name] as tf.Tensor | null)?.dataSync() ?? [];
        expect(gradient.every(Number.isFinite), weight).toBe(true);
        if (gradient.some((g) => g !== 0)) pending.delete(weight);
      }
      tf.dispose([value, grads]);
    }
    expect([...pending.keys()]).toEqual([]);
    disposeBatch(batch);
    model.dispose();
  });

  test('learns moves on 9x9: its policy loss falls by a fifth within 25 steps', () => {
    const model = buildModel(specOf(name), 1);
    const batch = batchOf(4, 9);
    const losses = policyLosses(model, batch, 25, 0.01);
    expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]);
    disposeBatch(batch);
    model.dispose();
  });
});
