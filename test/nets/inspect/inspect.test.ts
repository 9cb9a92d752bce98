/** What is told of a net's layers, against the net itself and against figures known elsewhere. */
import { beforeAll, describe, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { modelFromNet } from '#nets/convert.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import type { NetFile } from '#nets/file.ts';
import { inspectNet } from '#nets/inspect/inspect.ts';
import type { InspectedLayer, Inspection } from '#nets/inspect/inspect.ts';
import { receptiveFields } from '#nets/inspect/receptive-field.ts';
import { resnetSpec } from '#nets/spec.ts';
import { attention, gpool, ordinary, randomKataGoNet, randomWeights } from '../katago/random-nets.ts';
import { gradientSupport } from './gradient-support.ts';

function ownNet(): NetFile {
  const spec = resnetSpec(2, 4);
  return { spec, weights: randomWeights(spec, 1), provenance: {} };
}
const NETS: Readonly<Record<'own' | 'katago', NetFile>> = {
  own: ownNet(),
  katago: randomKataGoNet(8, [ordinary('relu'), gpool('relu'), attention('none')], 'relu'),
};
const NAMES = ['own', 'katago'] as const;

const layer = ({ layers }: Inspection, name: string): InspectedLayer => {
  const found = layers.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no layer ${name}`);
  return found;
};

test.each(NAMES)('parameters and statistics of the %s net are all of its weights', (name) => {
  const { layers, parameters, statistics } = inspectNet(NETS[name].spec, 9);
  const sizes = [...NETS[name].weights.values()].map(({ values }) => values.length);
  expect(parameters + statistics).toBe(sizes.reduce((a, b) => a + b, 0));
  expect(new Set(layers.map((one) => one.name)).size).toBe(layers.length);
});

test('a convolution costs two FLOPs for each point and weight, a dense layer two for each weight but the biases', () => {
  const net = inspectNet(resnetSpec(2, 4), 7);
  expect(layer(net, 'trunk/block0/conv1')).toMatchObject({
    output: [7, 7, 4],
    parameters: 9 * 4 * 4,
    flops: 2 * 49 * 9 * 4 * 4,
  });
  expect(layer(net, 'value/hidden')).toMatchObject({ parameters: (12 + 1) * 8, flops: 2 * 12 * 8 });
  expect(layer(net, 'trunk/bn')).toMatchObject({ parameters: 8, statistics: 8, flops: 0 });
});

test('attention costs its matrices at every point, and its products between all pairs of points', () => {
  const { flops } = layer(inspectNet(NETS.katago.spec, 5), 'trunk/block2');
  const [heads, kvHeads, queryDim, valueDim, channels] = [4, 2, 8, 3, 8];
  const matrices = channels * (heads * queryDim + kvHeads * (queryDim + valueDim) + heads * valueDim);
  expect(flops).toBe(2 * (25 * matrices + 25 * 25 * heads * (queryDim + valueDim)));
});

test('a dense layer in the place of a convolution has a weight for each pair of input and output', () => {
  const { kernelParameters, denseParameters } = layer(inspectNet(resnetSpec(1, 32), 9), 'trunk/input');
  expect(kernelParameters).toBe(9 * OWN_FEATURES.planes * 32);
  expect(denseParameters).toBe(81 * OWN_FEATURES.planes * 81 * 32);
});

describe('receptive fields', () => {
  beforeAll(() => useBackend('wasm'));

  test.each([
    ['own', 'trunk/input', 3, false],
    ['own', 'trunk/block0/sum', 7, false],
    ['own', 'trunk/bn', 11, false],
    ['own', 'policy/bn', 11, true],
    ['katago', 'trunk/input', 5, false],
    ['katago', 'trunk/block0/sum', 9, false],
    ['katago', 'trunk/block1/sum', 13, true],
  ] as const)(
    'of the %s net %s sees %i points along a side; the whole board: %s',
    (name, at, side, whole) => {
      expect(layer(inspectNet(NETS[name].spec, 13), at).field).toEqual({ side, whole });
    },
  );

  test.each(NAMES)('of every map of the %s net are where its gradient is', (name) => {
    const [size, point] = [13, [6, 2]] as const;
    const made = modelFromNet(NETS[name]);
    if (!made.ok) throw new Error(made.message);
    const fields = receptiveFields(NETS[name].spec);
    const onBoard = ([first, last]: readonly [number, number]): [number, number] => [
      Math.max(0, first),
      Math.min(size - 1, last),
    ];
    for (const { name: at, output } of inspectNet(NETS[name].spec, size).layers) {
      const { rowsSeenBy, whole } = fields.get(at) ?? { rowsSeenBy: null, whole: false };
      if (output.length !== 3 || rowsSeenBy === null) continue;
      const [rows, columns] = point.map((place) => onBoard(whole ? [0, size - 1] : rowsSeenBy(place)));
      expect(gradientSupport(made.model, at, size, point), at).toEqual({ rows, columns });
    }
    made.model.dispose();
  });
});
