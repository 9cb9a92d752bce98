/** What a whole net with a trunk that is a differential equation holds in memory while the gradient of its loss is found. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import type { OdeOptions } from '#nets/architectures/layers.ts';
import { OdeTrunk } from '#nets/architectures/ode.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { batchOutputs, disposeBatch, randomBatch } from '#nets/batch.ts';
import { modelFromNet } from '#nets/convert.ts';
import { netLosses } from '#nets/loss.ts';
import type { PerSample } from '#nets/ode/algebra.ts';
import type { Solver } from '#nets/ode/solve.ts';
import { specOf } from '../architectures/small-nets.ts';
import { randomWeights } from '../katago/random-nets.ts';

beforeAll(() => useBackend('wasm'));

const [SAMPLES, SIZE, CHANNELS] = [2, 5, 4];
const BYTES_OF_STATE = 4 * SAMPLES * SIZE * SIZE * CHANNELS;

/** `ode-adjoint` with other options, and weights at which its equation is not a trivial one. */
function modelOf(options: OdeOptions): LayersModel {
  const named = specOf(`ode-adjoint:${CHANNELS}`);
  const spec = { ...named, trunk: OdeTrunk.parse({ ...named.trunk, ...options }) };
  const made = modelFromNet({ spec, weights: randomWeights(spec, 1), provenance: {} });
  if (!made.ok) throw new Error(made.message);
  return made.model;
}

/** Of one gradient of the loss: how often the slope was evaluated on the way to it, and the most that all tensors held. */
async function effort(options: OdeOptions): Promise<{ evaluations: number; peakBytes: number }> {
  const model = modelOf(options);
  const batch = randomBatch(SAMPLES, SIZE, 3);
  let evaluations = 0;
  const onEvaluations = (counts: PerSample): void => void (evaluations = Math.max(...counts));
  const loss = (): tf.Scalar =>
    netLosses(batchOutputs(model, batch, { training: true, onEvaluations }), batch.targets).total;
  const { peakBytes } = await tf.profile(() => {
    const { value, grads } = tf.variableGrads(loss);
    tf.dispose([value, grads]);
  });
  disposeBatch(batch);
  model.dispose();
  return { evaluations, peakBytes };
}

const inSteps = (steps: number): Solver => ({ kind: 'rk4', steps });
const within = (tolerance: number): Solver => ({ kind: 'dopri5', rtol: tolerance, atol: tolerance });

test.each([
  ['steps of one size', inSteps(2), inSteps(32)],
  ['steps as a tolerance asks', within(1e-2), within(1e-6)],
])(
  'by %s, more evaluations take no more memory by the adjoint, and a state each by backpropagation',
  async (_, coarse, fine) => {
    const growth = async (
      gradient: OdeOptions['gradient'],
    ): Promise<{ evaluations: number; bytes: number }> => {
      const [few, many] = [
        await effort({ solver: coarse, gradient }),
        await effort({ solver: fine, gradient }),
      ];
      return { evaluations: many.evaluations - few.evaluations, bytes: many.peakBytes - few.peakBytes };
    };
    const [adjoint, backprop] = [await growth('adjoint'), await growth('backprop')];
    expect(adjoint.evaluations).toBeGreaterThan(30);
    expect(adjoint.bytes).toBe(0);
    expect(backprop.evaluations).toBe(adjoint.evaluations);
    expect(backprop.bytes).toBeGreaterThan(0.9 * backprop.evaluations * BYTES_OF_STATE);
  },
);
