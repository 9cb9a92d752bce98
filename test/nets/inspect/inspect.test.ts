/** What is told of a net's layers, against the net itself and against figures known elsewhere. */
import { expect, test } from 'vitest';
import { namedImageSpec, namedSpec } from '#nets/architectures/named.ts';
import { bottleneckOf } from '#nets/architectures/residual.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import type { NetFile } from '#nets/file.ts';
import { inspectNet } from '#nets/inspect/inspect.ts';
import type { InspectedLayer, Inspection } from '#nets/inspect/inspect.ts';
import { resnetSpec } from '#nets/spec.ts';
import { attention, gpool, ordinary, randomKataGoNet, randomWeights } from '../katago/random-nets.ts';

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

test('a convolution in groups with a stride costs two for each point that it puts out and weight that it has', () => {
  const trunk = bottleneckOf('image', 8, 11, { stem: 4, outer: 4, groups: 4 });
  const image = { height: 10, width: 6, channels: 1 };
  const net = inspectNet({ image, trunk, heads: { kind: 'classes', classes: 3 } }, 0);
  // Each of 16 filters sees a quarter of 16 channels.
  expect(layer(net, 'trunk/block1/conv2')).toMatchObject({
    output: [5, 3, 16],
    parameters: 9 * 4 * 16,
    flops: 2 * 15 * 9 * 4 * 16,
    denseParameters: 60 * 16 * 15 * 16,
  });
});

test.each(['none', 'fixed', 'learned'] as const)(
  'attention with frequencies %s costs its matrices at every point, and its products between all pairs of points',
  (rope) => {
    const { spec } = randomKataGoNet(17, [attention(rope)], 'relu');
    const { flops, kernelParameters } = layer(inspectNet(spec, 5), 'trunk/block0');
    const [heads, kvHeads, queryDim, valueDim, channels] = [4, 2, 8, 3, 8];
    const matrices = channels * (heads * queryDim + kvHeads * (queryDim + valueDim) + heads * valueDim);
    expect(kernelParameters).toBe(matrices);
    expect(flops).toBe(2 * (25 * matrices + 25 * 25 * heads * (queryDim + valueDim)));
  },
);

test('a differential equation costs its two convolutions as often as its slope is evaluated, at least as often as it must be', () => {
  const ode = namedSpec('ode:16');
  if (!ode.ok) throw new Error(ode.message);
  const costOf = (evaluations?: number): number =>
    layer(inspectNet(ode.spec, 9, evaluations), 'trunk/ode').flops;
  const slope = 2 * 81 * 2 * 9 * 16 * 16;
  expect([costOf(20), costOf(7.5)]).toEqual([20 * slope, 7.5 * slope]);
  // Dormand-Prince: two evaluations for the first step's size, and six for one step.
  expect(costOf()).toBe(8 * slope);
});

test('a dense layer in the place of a convolution has a weight for each pair of input and output', () => {
  const { kernelParameters, denseParameters } = layer(inspectNet(resnetSpec(1, 32), 9), 'trunk/input');
  expect(kernelParameters).toBe(9 * OWN_FEATURES.planes * 32);
  expect(denseParameters).toBe(81 * OWN_FEATURES.planes * 81 * 32);
});

test.each([
  ['own', 'trunk/input', 3, false],
  ['own', 'trunk/block0/sum', 7, false],
  ['own', 'trunk/bn', 11, false],
  ['own', 'policy/bn', 11, true],
  ['katago', 'trunk/input', 5, false],
  ['katago', 'trunk/block0/sum', 9, false],
  ['katago', 'trunk/block1/sum', 13, true],
] as const)('of the %s net %s sees %i points along a side; the whole board: %s', (name, at, side, whole) => {
  expect(layer(inspectNet(NETS[name].spec, 13), at).field).toEqual({ side, whole });
});

// A slope sees 2 points further each way than what it is the slope of, by two convolutions of 3 x 3, and the first convolution 3.
test.each([
  ['ode-euler-3:4', 3 + 3 * 4],
  ['ode-rk4-2:4', 3 + 2 * 4 * 4],
  // One step at least, of six slopes.
  ['ode:4', 3 + 6 * 4],
])('of the net %s %i points along a side are seen by windows alone, and all by its norms', (name, side) => {
  const ode = namedSpec(name);
  if (!ode.ok) throw new Error(ode.message);
  expect(layer(inspectNet(ode.spec, 41), 'trunk/ode').field).toEqual({ side, whole: true });
});

// Simonyan and Zisserman 2015, table 2; multiply-adds and the field of the last pool as widely recomputed since.
test('VGG-16 on images of 224 x 224 has 138 million parameters, 15.5 billion multiply-adds and sees 212 points', () => {
  const vgg = namedImageSpec('vgg-16', { height: 224, width: 224, channels: 3 }, 1000);
  if (!vgg.ok) throw new Error(vgg.message);
  const { parameters, flops, field } = inspectNet(vgg.spec, 0);
  expect(parameters).toBe(138_357_544);
  expect(flops / 2).toBe(15_470_264_320);
  expect(field).toEqual({ side: 212, whole: true });
});

// LeCun et al. 1998, section II.B, with ten outputs of a dense layer for the radial basis functions.
test("LeNet-5's layers have the parameters that its paper tells, C3 by its table", () => {
  const lenet = namedImageSpec('lenet-5', { height: 28, width: 28, channels: 1 }, 10);
  if (!lenet.ok) throw new Error(lenet.message);
  const { layers, parameters } = inspectNet(lenet.spec, 0);
  const counts = layers.flatMap((one) => (one.parameters === 0 ? [] : [one.parameters]));
  expect(counts).toEqual([156, 12, 1516, 32, 48_120, 10_164, 850]);
  expect(parameters).toBe(60_850);
});
