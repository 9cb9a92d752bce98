/** Inception: what the 1x1 reductions save, and what the auxiliary heads do to training and leave to play. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { inceptionOf } from '#nets/architectures/inception.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { batchOutputs, disposeBatch, randomBatch } from '#nets/batch.ts';
import { netFromModel } from '#nets/convert.ts';
import { layerCosts } from '#nets/inspect/cost.ts';
import { inspectNet } from '#nets/inspect/inspect.ts';
import { netLosses } from '#nets/loss.ts';
import type { BoardTensors } from '#nets/loss.ts';
import { buildModel } from '#nets/model.ts';
import { playedSpec, resnetSpec } from '#nets/spec.ts';
import { expectSameOutputs, onnxOutputs, randomInputs } from '../net-outputs.ts';
import { specOf } from './small-nets.ts';

beforeAll(() => useBackend('cpu'));

const parametersOf = (reduced: boolean, scale: 'board' | 'image', width: number): number => {
  const trunk = inceptionOf(scale, width, reduced);
  const image = { height: 28, width: 28, channels: 1 };
  const spec =
    scale === 'image'
      ? { image, trunk, heads: { kind: 'classes' as const, classes: 10 } }
      : { ...resnetSpec(1, 8), trunk };
  return layerCosts(spec, 9)
    .filter(({ name }) => name.startsWith('trunk/module'))
    .reduce((sum, { parameters }) => sum + parameters, 0);
};

test.each([
  ['image', 64],
  ['board', 16],
] as const)(
  'with 1x1 reductions the modules of a net for a %s have less than half the parameters',
  (scale, width) => {
    expect(parametersOf(true, scale, width)).toBeLessThan(0.5 * parametersOf(false, scale, width));
  },
);

test('so has the first of GoogLeNet alone: 163,328 weights against 387,072 without them', () => {
  const first = (reduced: boolean): number => {
    const trunk = { ...inceptionOf('image', 64, reduced), norm: false };
    const image = { height: 28, width: 28, channels: 3 };
    return layerCosts({ image, trunk, heads: { kind: 'classes', classes: 10 } }, 28)
      .filter(({ name }) => name.startsWith('trunk/module0/'))
      .reduce((sum, { kernelParameters }) => sum + kernelParameters, 0);
  };
  expect([first(true), first(false)]).toEqual([163_328, 387_072]);
});

const SPEC = specOf('inception:4');

test('the auxiliary heads sit on 4a and 4d, the third and the sixth module (Szegedy et al. 2015, section 5)', () => {
  const { layers } = inspectNet(SPEC, 31);
  const sideOf = (name: string): unknown => layers.find((layer) => layer.name === name)?.field.side;
  // The first convolution sees 3 points along a side, and each module, by its 5x5 path, 4 more.
  expect([1, 2, 3].map((tap) => sideOf(`aux${tap}/points`))).toEqual([3 + 3 * 4, 3 + 6 * 4, undefined]);
});

test('the total loss is that of the heads and 0.3 of each auxiliary one', () => {
  const model = buildModel(SPEC, 1);
  const batch = randomBatch(4, 5, 2);
  tf.tidy(() => {
    const outputs = batchOutputs(model, batch, { training: true });
    expect(outputs.auxiliary.length).toBe(2);
    const lossesOf = (of: BoardTensors): number[] =>
      ['total', 'policy', 'value'].map((term) => {
        const loss = netLosses(of, batch.targets)[term as 'total'];
        return loss.dataSync()[0];
      });
    const [total] = lossesOf(outputs);
    const [real] = lossesOf({ ...outputs, auxiliary: [] });
    const aux = outputs.auxiliary.map((tap) => {
      const [, policy, value] = lossesOf({ ...outputs, ...tap, auxiliary: [] });
      return policy + value;
    });
    expect(total).toBeCloseTo(real + 0.3 * aux[0] + 0.3 * aux[1], 5);
  });
  disposeBatch(batch);
  model.dispose();
});

/** Norms of the gradients of the loss by the kernels of the trunk, in a net without batch norms as GoogLeNet was. */
function gradientNorms(seed: number, withAuxiliary: boolean): Map<string, number> {
  const model = buildModel({ ...SPEC, trunk: { ...inceptionOf('board', 4, true), norm: false } }, seed);
  const batch = randomBatch(4, 5, 2);
  const loss = (): tf.Scalar => {
    const outputs = batchOutputs(model, batch, { training: true });
    return netLosses(withAuxiliary ? outputs : { ...outputs, auxiliary: [] }, batch.targets).total;
  };
  const kernels = model.trainableWeights.filter(({ originalName }) => /^trunk\/.*kernel$/.test(originalName));
  const norms = tf.tidy(() => {
    const variables = kernels.map((kernel) => kernel.read() as tf.Variable);
    const { grads } = tf.variableGrads(loss, variables);
    return kernels.map(({ originalName }, i): [string, number] => [
      originalName,
      tf.norm(grads[variables[i].name]).dataSync()[0],
    ]);
  });
  disposeBatch(batch);
  model.dispose();
  return new Map(norms);
}

test.each([1, 2, 3])(
  'auxiliary heads raise the gradient of what lies before them, and leave that behind the last as it is (net %i)',
  (seed) => {
    const [without, together] = [false, true].map((auxiliary) => gradientNorms(seed, auxiliary));
    const norm = (norms: Map<string, number>, part: RegExp): number =>
      Math.hypot(...[...norms].filter(([name]) => part.test(name)).map(([, length]) => length));
    const ratio = (part: RegExp): number => norm(together, part) / norm(without, part);
    expect(ratio(/input|module[012]\//)).toBeGreaterThan(1.01);
    expect(ratio(/module[678]\//)).toBeCloseTo(1, 5);
  },
);

test('the net that plays is without them: a graph of it has none, and says the same', async () => {
  const model = buildModel(SPEC, 1);
  const trained = await netFromModel(model, SPEC, {});
  expect(model.outputNames.filter((name) => name.startsWith('aux')).length).toBe(4);
  const played = playedSpec(SPEC);
  expect(played.heads).not.toHaveProperty('auxiliary');
  const kept = new Map([...trained.weights].filter(([name]) => !name.startsWith('aux')));
  const inputs = randomInputs(trained, [[7, 7]], 3);
  const outputs = await onnxOutputs(trained, inputs);
  expect(Object.keys(outputs).toSorted()).toEqual(['ownership', 'policy', 'score', 'value']);
  expectSameOutputs(outputs, await onnxOutputs({ spec: played, weights: kept, provenance: {} }, inputs));
  model.dispose();
});
