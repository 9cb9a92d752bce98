/** Nets with a trunk that is a differential equation, against the same written in other words, and as they learn. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Layers, OdeOptions } from '#nets/architectures/layers.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { batchLosses, disposeBatch, randomBatch } from '#nets/batch.ts';
import { weightsOf, writeWeights } from '#nets/convert.ts';
import type { WeightArray } from '#nets/file.ts';
import { openRawNet } from '#nets/inference/raw-opinion.ts';
import { buildModel } from '#nets/model.ts';
import { leastEvaluations } from '#nets/ode/solve.ts';
import type { Solver } from '#nets/ode/solve.ts';
import { ODE_EPSILON } from '#nets/ode/weights.ts';
import { resnetSpec } from '#nets/spec.ts';
import type { NetSpec } from '#nets/spec.ts';
import { weightShapes } from '#nets/weight-shapes.ts';
import { randomNet } from '../architectures/small-nets.ts';
import { randomWeights } from '../katago/random-nets.ts';
import { modelOutputs, onnxOutputs, randomInputs } from '../net-outputs.ts';
import { randomPosition } from '../random-positions.ts';
import { apply, boardsIn, modelOf, worstDifference } from '../words/small-nets.ts';

beforeAll(() => useBackend('wasm'));

const METHODS = ['backprop', 'adjoint'] as const;

const specOf = (channels: number, options: OdeOptions): NetSpec => ({
  ...resnetSpec(6, channels),
  trunk: { kind: 'ode', scale: 'board', channels, ...options },
});

const parameters = (spec: NetSpec): number =>
  [...weightShapes(spec).values()].reduce(
    (sum, shape) => sum + shape.reduce((size, side) => size * side, 1),
    0,
  );

test('Euler in n steps is a residual net of n blocks with tied weights', async () => {
  const steps = 5;
  const start = <X>(l: Layers<X>): X => l.conv('start', l.planes, 6, 3, { bias: true });
  const ode = <X>(l: Layers<X>): X =>
    l.ode('ode', start(l), { solver: { kind: 'euler', steps }, gradient: 'backprop' });
  const rms = { epsilon: ODE_EPSILON, spatial: true, activation: 'relu' } as const;
  const residual = <X>(l: Layers<X>): X => {
    let x = start(l);
    for (let n = 0; n < steps; n++) {
      let inner = x;
      for (const half of [1, 2])
        inner = l.conv(`conv${n}.${half}`, l.rms(`rms${n}.${half}`, inner, rms), 6, 3, { bias: true });
      x = l.add(`sum${n}`, x, inner);
    }
    return x;
  };
  // The weights of the equation, and the blocks' from them: their second convolution takes the size of the step.
  const models = [modelOf(ode, 'boards'), modelOf(residual, 'boards')];
  const own = await weightsOf(models[0]);
  const tied = new Map<string, WeightArray>();
  for (const [name, { shape, values }] of own) {
    const [, half, part] = /half(\d)\/(\w+)/.exec(name) ?? [];
    if (half === undefined) tied.set(name, { shape, values });
    for (let n = 0; n < steps; n++) {
      const h = half === '2' ? 1 / steps : 1;
      if (part === 'gamma' || part === 'beta') tied.set(`rms${n}.${half}/${part}`, { shape, values });
      if (part === 'kernel') tied.set(`conv${n}.${half}/kernel`, { shape, values: values.map((w) => w * h) });
      if (part !== 'bias') continue;
      const slope = own.get(name.replace('bias', 'slope'))?.values ?? [];
      const bias = values.map((b, c) => (b + (n / steps) * slope[c]) * h);
      tied.set(`conv${n}.${half}/bias`, { shape, values: bias });
    }
  }
  writeWeights(models[1], tied);
  const [a, b] = models.map((model) => apply(model, boardsIn(9, 9), 'boards'));
  const scale = tf.max(tf.abs(b)).dataSync()[0];
  expect(worstDifference(a, b) / scale).toBeLessThan(1e-6);
});

test('it has no more than a third of the parameters of a residual net of 6 blocks', () => {
  for (const channels of [32, 64, 96]) {
    const ode = specOf(channels, { solver: { kind: 'euler', steps: 6 }, gradient: 'backprop' });
    expect(parameters(ode)).toBeLessThan(parameters(resnetSpec(6, channels)) / 3);
  }
});

test('a tighter tolerance makes a net work harder on a position, each in its own measure', async () => {
  const positions = [0, 20, 40].map((plies) => randomPosition(1, 7, 7, undefined, plies));
  const efforts = async (solver: Solver): Promise<(number | undefined)[]> => {
    const spec = specOf(8, { solver, gradient: 'backprop' });
    const net = await openRawNet({ spec, weights: randomWeights(spec, 1), provenance: {} });
    const opinions = [];
    for (const position of positions) opinions.push(...(await net.opinions(position, [0])));
    await net.close();
    return opinions.map(({ slopeEvaluations }) => slopeEvaluations);
  };
  let before = [0, 0, 0];
  for (const tolerance of [0.1, 1e-3, 1e-5]) {
    const solver: Solver = { kind: 'dopri5', rtol: tolerance, atol: tolerance };
    const now = (await efforts(solver)) as number[];
    now.forEach((count, i) => {
      expect((count - leastEvaluations(solver)) % 6).toBe(0);
      expect(count).toBeGreaterThan(before[i]);
    });
    before = now;
  }
  expect(new Set(before).size).toBeGreaterThan(1);
  expect(await efforts({ kind: 'rk4', steps: 3 })).toEqual([undefined, undefined, undefined]);
});

const BOARDS = [
  [5, 5],
  [7, 7],
  [9, 9],
  [9, 9],
] as const;

test('ONNX Runtime takes the steps that tfjs takes, of each board by itself', async () => {
  for (const tolerance of [1e-2, 1e-3, 1e-4]) {
    const solver: Solver = { kind: 'dopri5', rtol: tolerance, atol: tolerance };
    const net = randomNet(specOf(8, { solver, gradient: 'backprop' }));
    const inputs = randomInputs(net, BOARDS, 3);
    const counts: number[] = [];
    modelOutputs(net, inputs, { onEvaluations: (of) => counts.push(...of) });
    const { evaluations } = await onnxOutputs(net, inputs);
    expect([...evaluations]).toEqual(counts);
  }
});

test('dynamics without finite slopes are refused, by tfjs and by ONNX Runtime', async () => {
  const spec = specOf(4, { solver: { kind: 'dopri5', rtol: 0.01, atol: 0.01 }, gradient: 'backprop' });
  const weights = randomWeights(spec, 1);
  for (const half of ['half1', 'half2'])
    weights
      .get(`trunk/ode/${half}/kernel`)
      ?.values.forEach((weight, i, values) => (values[i] = 1e25 * weight));
  const net = { spec, weights, provenance: {} };
  expect(() => modelOutputs(net, randomInputs(net, [[5, 5]], 1))).toThrow(
    /differential equation of sample 0 .* not finite/,
  );
  const opened = await openRawNet(net);
  await expect(opened.opinions(randomPosition(1, 5, 5), [0])).rejects.toThrow(/too rough for the tolerance/);
  await opened.close();
});

describe.each(METHODS)('by %s', (gradient) => {
  test('a net learns, keeps to its weights, and leaks no tensor', () => {
    const model = buildModel(specOf(8, { solver: { kind: 'dopri5', rtol: 0.05, atol: 0.05 }, gradient }), 1);
    const batch = randomBatch(8, 5, 3);
    const optimizer = tf.train.momentum(0.02, 0.9, true);
    const step = (): number =>
      tf.tidy(() => optimizer.minimize(() => batchLosses(model, batch).total, true)?.dataSync()[0] ?? NaN);
    const first = step();
    const { numTensors, numBytes } = tf.memory();
    let last = first;
    for (let i = 0; i < 20; i++) last = step();
    expect(last).toBeLessThan(0.8 * first);
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(tf.memory().numBytes).toBe(numBytes);
    disposeBatch(batch);
    model.dispose();
  });
});
