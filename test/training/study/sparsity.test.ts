/** How much of a net is exactly 0. */
import { expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { netFromModel } from '#nets/convert.ts';
import type { AnyNetFile } from '#nets/file.ts';
import { buildModel } from '#nets/model.ts';
import { resnetSpec } from '#nets/spec.ts';
import { sparsityOf } from '#training/study/sparsity.ts';
import { imageSpecOf } from '../../nets/architectures/small-nets.ts';
import { attention, feedForward, randomKataGoNet } from '../../nets/katago/random-nets.ts';

const netOf = (weights: AnyNetFile['weights']): AnyNetFile => ({
  spec: resnetSpec(1, 4),
  weights,
  provenance: {},
});

/** The net with a weight in which `change` has set entries to 0. */
function changed(net: AnyNetFile, name: string, change: (values: Float32Array) => void): AnyNetFile {
  const weight = net.weights.get(name);
  if (weight === undefined) throw new Error(`no weight ${name}`);
  const values = weight.values.slice();
  change(values);
  return { ...net, weights: new Map([...net.weights, [name, { ...weight, values }]]) };
}

test('zeros are counted in kernels alone, and by outputs', () => {
  const weights = new Map([
    // Two filters over two inputs, of which the second is 0.
    ['trunk/conv/kernel', { shape: [1, 1, 2, 2], values: Float32Array.of(1, 0, 2, 0) }],
    ['head/dense/kernel', { shape: [2, 1], values: Float32Array.of(0, 3) }],
    ['trunk/bn/beta', { shape: [2], values: Float32Array.of(0, 0) }],
  ]);
  expect(sparsityOf([netOf(weights)])).toEqual({ zeroWeights: 3 / 6, zeroFilters: 1 / 3 });
  expect(sparsityOf([netOf(new Map())])).toEqual({ zeroWeights: 0, zeroFilters: 0 });
  const dense = new Map([['conv/kernel', { shape: [1, 2], values: Float32Array.of(1, 1) }]]);
  const both = [weights, dense].map(netOf);
  expect(sparsityOf(both)).toEqual({ zeroWeights: 3 / 8, zeroFilters: 1 / 5 });
});

test('the matrices of attention and of gated layers count, the frequencies of its places do not', () => {
  const net = randomKataGoNet(17, [attention('learned'), feedForward], 'relu');
  const before = sparsityOf([net]);
  expect(before).toEqual({ zeroWeights: 0, zeroFilters: 0 });
  const zero = (values: Float32Array): void => void values.fill(0);
  for (const name of ['trunk/block0/frequencies', 'trunk/block0/norm'])
    expect(sparsityOf([changed(net, name, zero)])).toEqual(before);
  for (const name of ['trunk/block0/query', 'trunk/block0/output', 'trunk/block1/gate'])
    expect(sparsityOf([changed(net, name, zero)]).zeroFilters, name).toBeGreaterThan(0);
});

test('what a connection table holds at 0 is no weight', async () => {
  await useBackend('cpu');
  const spec = imageSpecOf('lenet-5');
  const model = buildModel(spec, 1);
  const net = await netFromModel(model, spec, {});
  model.dispose();
  expect(sparsityOf([net])).toEqual({ zeroWeights: 0, zeroFilters: 0 });
  // The first of C3's 16 filters sees three maps of six, by 5 x 5; LeCun et al. 1998, section II.B counts 1,516 with biases.
  const without = changed(net, 'trunk/c3/kernel', (values) => {
    for (let i = 0; i < values.length; i += 16) values[i] = 0;
  });
  const kernels = [6 * 25, 1516 - 16, 120 * 16 * 25, 120 * 84, 84 * 10];
  expect(sparsityOf([without])).toEqual({
    zeroWeights: (3 * 25) / kernels.reduce((sum, size) => sum + size),
    zeroFilters: 1 / (6 + 16 + 120 + 84 + 10),
  });
});
