/** How the kernels of layers begin, as nets have them: with the deviation of their formula, by the fans that they have. */
import * as tf from '@tensorflow/tfjs-core';
import { input, model as makeModel } from '@tensorflow/tfjs-layers';
import { rootMeanSquare } from 'simple-statistics';
import { beforeAll, expect, test } from 'vitest';
import type { ConvOptions, Initialiser, Layers } from '#nets/architectures/layers.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { imageLayers } from '#nets/layers/model-layers.ts';
import { buildModel } from '#nets/model.ts';
import { resnetSpec } from '#nets/spec.ts';

beforeAll(() => useBackend('wasm'));

const CHANNELS = 48;

/** The numbers of each weight that the layer `x` of a net on `CHANNELS` channels begins with, but for zeros. */
function weightsOf(net: <X>(l: Layers<X>) => X): Map<string, number[]> {
  const image = input({ shape: [8, 8, CHANNELS] });
  const model = makeModel({ inputs: image, outputs: net(imageLayers(image, 1)).tensor });
  const begun = model.getLayer('x').weights.map((weight) => {
    const values = [...weight.read().dataSync()].filter((value) => value !== 0);
    return [weight.originalName.slice('x/'.length), values] as const;
  });
  model.dispose();
  return new Map(begun);
}

const kernelOf = (net: <X>(l: Layers<X>) => X): number[] => weightsOf(net).get('kernel') ?? [];

/** He et al. 2015, eq. 10; Glorot and Bengio 2010, eq. 12; LeCun et al. 1998b, eq. 16. */
const FORMULAS: Readonly<Record<Exclude<Initialiser, 'zero'>, (fanIn: number, fanOut: number) => number>> = {
  he: (fanIn) => Math.sqrt(2 / fanIn),
  glorot: (fanIn, fanOut) => Math.sqrt(2 / (fanIn + fanOut)),
  lecun: (fanIn) => Math.sqrt(1 / fanIn),
};
const INITIALISERS = Object.keys(FORMULAS) as (keyof typeof FORMULAS)[];

/** Each filter sees a third of the channels, and each channel is seen by a third of the filters. */
const THIRDS = Array.from({ length: 96 }, (_, filter) =>
  Array.from({ length: CHANNELS / 3 }, (_c, i) => 3 * i + (filter % 3)),
);

type Convolution = {
  readonly called: string;
  readonly size: number;
  readonly filters: number;
  readonly options?: ConvOptions;
  /** Numbers that an output is a sum over, and outputs that an input is added to, where the stride is 1. */
  readonly fans: readonly [fanIn: number, fanOut: number];
};

const CONVS: readonly Convolution[] = [
  { called: '3x3', size: 3, filters: 96, fans: [9 * 48, 9 * 96] },
  { called: '1x1', size: 1, filters: 96, fans: [48, 96] },
  { called: '4x4', size: 4, filters: 32, fans: [16 * 48, 16 * 32] },
  { called: '3x3 with a stride', size: 3, filters: 96, options: { stride: 2 }, fans: [9 * 48, 9 * 96] },
  {
    called: 'valid 3x3',
    size: 3,
    filters: 96,
    options: { padding: 'valid', bias: true },
    fans: [9 * 48, 9 * 96],
  },
  { called: '3x3 in groups', size: 3, filters: 96, options: { groups: 3 }, fans: [9 * 16, 9 * 32] },
  { called: '3x3 by a table', size: 3, filters: 96, options: { table: THIRDS }, fans: [9 * 16, 9 * 32] },
];

// Of n normal numbers the deviation is known to 1 / sqrt(2 n) of it: of 4,608 or more to 1.1%.
const TOLERANCE = 0.03;

test.each(INITIALISERS.flatMap((init) => CONVS.map((conv) => ({ ...conv, init }))))(
  'the kernel of a convolution $called begun by $init has its deviation',
  ({ init, size, filters, fans, options }) => {
    const values = kernelOf((l) => l.conv('x', l.planes, filters, size, { ...options, init }));
    expect(values).toHaveLength(fans[0] * filters);
    expect(Math.abs(rootMeanSquare(values) / FORMULAS[init](...fans) - 1)).toBeLessThan(TOLERANCE);
    const half = kernelOf((l) => l.conv('x', l.planes, filters, size, { ...options, init, gain: 0.5 }));
    expect(rootMeanSquare(half) / rootMeanSquare(values)).toBeCloseTo(0.5, 5);
  },
);

test.each(INITIALISERS)('a dense kernel begun by %s has its deviation', (init) => {
  const dense = kernelOf((l) =>
    l.dense('x', l.pointMean('mean', l.planes), 400, { init, activation: 'relu' }),
  );
  expect(Math.abs(rootMeanSquare(dense) / FORMULAS[init](CHANNELS, 400) - 1)).toBeLessThan(TOLERANCE);
});

test('matrices of attention and of gated layers begin by Glorot, and a learned turn as a matrix from a place to its angles', () => {
  const sizes = { heads: 16, kvHeads: 8, queryDim: 20, valueDim: 12 };
  const { heads, kvHeads, queryDim, valueDim } = sizes;
  const hidden = 160;
  const attention = weightsOf((l) =>
    l.attention('x', l.planes, { ...sizes, kind: 'attention', epsilon: 1e-6, rope: { kind: 'learned' } }),
  );
  const gated = weightsOf((l) =>
    l.feedForward('x', l.planes, { kind: 'feed-forward', epsilon: 1e-6, hidden }),
  );
  const expected: [of: Map<string, number[]>, name: string, fanIn: number, fanOut: number][] = [
    [attention, 'query', CHANNELS, heads * queryDim],
    [attention, 'key', CHANNELS, kvHeads * queryDim],
    [attention, 'value', CHANNELS, kvHeads * valueDim],
    [attention, 'output', heads * valueDim, CHANNELS],
    [attention, 'frequencies', 2, (kvHeads * queryDim) / 2],
    [gated, 'linear', CHANNELS, hidden],
    [gated, 'gate', CHANNELS, hidden],
    [gated, 'output', hidden, CHANNELS],
  ];
  for (const [of, name, fanIn, fanOut] of expected) {
    const values = of.get(name) ?? [];
    expect(values, name).toHaveLength(fanIn * fanOut);
    const offBy = rootMeanSquare(values) / FORMULAS.glorot(fanIn, fanOut) - 1;
    // Of 160 frequencies the deviation is known to 6%.
    expect(Math.abs(offBy), name).toBeLessThan(name === 'frequencies' ? 0.2 : TOLERANCE);
  }
  expect(gated.get('linear')).not.toEqual(gated.get('gate'));
});

test('left to themselves convolutions begin by He and dense layers by Glorot', () => {
  const conv = kernelOf((l) => l.conv('x', l.planes, 96, 3));
  const dense = kernelOf((l) => l.dense('x', l.pointMean('mean', l.planes), 400));
  expect(Math.abs(rootMeanSquare(conv) / FORMULAS.he(9 * CHANNELS, 0) - 1)).toBeLessThan(TOLERANCE);
  expect(Math.abs(rootMeanSquare(dense) / FORMULAS.glorot(CHANNELS, 400) - 1)).toBeLessThan(TOLERANCE);
});

test('convolutions that end in logits or owners begin at half of He, so that outputs start near no opinion', () => {
  const heads = {
    kind: 'tengen',
    policyChannels: 256,
    valueChannels: 256,
    valueHidden: 4,
    reply: true,
  } as const;
  const model = buildModel({ ...resnetSpec(1, 4), heads }, 1);
  for (const name of ['policy/points', 'ownership/points', 'reply/points']) {
    const [kernel] = model.getLayer(name).getWeights();
    // Of 256 weights the deviation is known to 4.4%.
    const ratio = rootMeanSquare([...kernel.dataSync()]) / FORMULAS.he(256, 1);
    expect(Math.abs(ratio / 0.5 - 1), name).toBeLessThan(0.2);
  }
  model.dispose();
});

test('weights cut off at two deviations, as libraries cut them, would lose a quarter of the variance at each layer', () => {
  const cut = tf.truncatedNormal([1000, 1000], 0, 1, 'float32', 1);
  const [factor] = tf.mean(tf.square(cut)).dataSync();
  expect(factor).toBeCloseTo(0.774, 2);
  expect(factor ** 50).toBeLessThan(1e-5);
});
