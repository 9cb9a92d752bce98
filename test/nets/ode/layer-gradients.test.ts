/** The gradient of a differential equation as a layer, by where it starts and by each weight, against central differences. */
import * as tf from '@tensorflow/tfjs-core';
import type { OdeOptions } from '#nets/architectures/layers.ts';
import { Ode } from '#nets/layers/ode.ts';
import { expectGradients } from '../central-differences.ts';
import type { Case } from '../central-differences.ts';
import { byWeights } from '../layer-cases.ts';

const mask = (): tf.Tensor[] => [tf.tensor4d([1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0], [2, 2, 3, 1])];
/** On maps of so many channels. */
const ode = (channels: number, options: OdeOptions): Case =>
  byWeights(new Ode({ name: 'ode', seed: 1, ...options }), [2, 2, 3, channels], mask);

const CASES: Readonly<Record<string, () => Case>> = {
  "Euler's steps": () => ode(2, { solver: { kind: 'euler', steps: 3 }, gradient: 'backprop' }),
  'steps of Runge and Kutta': () => ode(2, { solver: { kind: 'rk4', steps: 3 }, gradient: 'backprop' }),
  // The gradient of the equation, and not of its steps, which err by about 1e-5.
  'an equation, by its adjoint': () => ({
    ...ode(1, { solver: { kind: 'rk4', steps: 12 }, gradient: 'adjoint' }),
    tolerance: 1e-4,
  }),
};

await expectGradients(CASES);
