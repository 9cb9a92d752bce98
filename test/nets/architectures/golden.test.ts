/** The papers' nets, layer by layer: shapes and parameters as they are published. */
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { alexnetOf } from '#nets/architectures/alexnet.ts';
import { densenetOf } from '#nets/architectures/densenet.ts';
import { inceptionOf } from '#nets/architectures/inception.ts';
import { bottleneckOf, resnextOf } from '#nets/architectures/residual.ts';
import { vggOf } from '#nets/architectures/vgg.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import { layerCosts } from '#nets/inspect/cost.ts';
import type { LayerCost } from '#nets/inspect/cost.ts';
import { buildModel } from '#nets/model.ts';
import { layersOf, parametersOf } from './costs.ts';
import { imageSpecOf, specOf } from './small-nets.ts';

const values = ({ output }: LayerCost): number => output.reduce((size, side) => size * side, 1);

describe('LeNet-5 (LeCun et al. 1998, section II.B)', () => {
  const layers = layerCosts(imageSpecOf('lenet-5'), 32);

  test.each([
    ['C1', 'trunk/input', [28, 28, 6], 156],
    ['S2', 'trunk/s2/affine', [14, 14, 6], 12],
    ['C3', 'trunk/c3', [10, 10, 16], 1516],
    ['S4', 'trunk/s4/affine', [5, 5, 16], 32],
    ['C5', 'trunk/c5', [1, 1, 120], 48_120],
    ['F6', 'trunk/f6', [84], 10_164],
    ['the dense output in place of RBF units', 'head/classes', [10], 850],
  ] as const)('has as many trainable parameters in %s', (_, name, output, parameters) => {
    expect(layers.find((layer) => layer.name === name)).toMatchObject({ output, parameters });
  });

  test('has 60,000 of them before the output, and 60,850 with it', () => {
    expect(parametersOf(layers)).toBe(60_000 + 850);
  });

  test.each([
    ['trunk/input', 122_304],
    ['trunk/c3', 151_600],
    ['trunk/c5', 48_120],
  ])('has as many connections in %s, biases included', (name, connections) => {
    const layer = layers.find((one) => one.name === name) as LayerCost;
    expect(layer.flops / 2 + values(layer)).toBe(connections);
  });
});

/** LeCun et al. 1998, table I: the columns of maps of C3, the rows of maps of S2. */
const TABLE_I = `
  X . . . X X X . . X X X X . X X
  X X . . . X X X . . X X X X . X
  X X X . . . X X X . . X . X X X
  . X X X . . X X X X . . X . X X
  . . X X X . . X X X X . X X . X
  . . . X X X . . X X X X . X X X
`;

test('a map of C3 answers to those maps of S2 that table I marks, and to no other', async () => {
  await useBackend('cpu');
  const table = TABLE_I.trim()
    .split('\n')
    .map((row) => row.trim().split(' '));
  const layer = buildModel(imageSpecOf('lenet-5'), 1).getLayer('trunk/c3');
  // Weights other than 0 everywhere, as a net read from a file may have them.
  layer.setWeights([tf.ones([5, 5, 6, 16]), tf.zeros([16])]);
  const answers = table.map((_, map) => {
    const x = tf.oneHot(tf.fill([1, 5, 5], map, 'int32'), 6);
    const values = (layer.apply(tf.cast(x, 'float32')) as tf.Tensor).dataSync();
    return [...values].map((value) => (value === 25 ? 'X' : value === 0 ? '.' : `${value}`));
  });
  expect(answers).toEqual(table);
});

test('on boards LeNet-5 of the same width has its layers from C3 on at every point, and no subsampling', () => {
  const layers = layerCosts(specOf('lenet-5:6'), 9).filter(({ name }) => name.startsWith('trunk/'));
  const { planes, globals } = OWN_FEATURES;
  expect(layers.map(({ name, output, parameters }) => [name, output, parameters])).toEqual([
    ['trunk/input', [9, 9, 6], 25 * planes * 6],
    ['trunk/globals', [6], (globals + 1) * 6],
    ['trunk/sum', [9, 9, 6], 0],
    ['trunk/c1/tanh', [9, 9, 6], 0],
    ['trunk/c3', [9, 9, 16], 1516],
    ['trunk/c3/tanh', [9, 9, 16], 0],
    ['trunk/c5', [9, 9, 120], 48_120],
    ['trunk/c5/tanh', [9, 9, 120], 0],
    ['trunk/f6', [9, 9, 84], 10_164],
    ['trunk/f6/tanh', [9, 9, 84], 0],
  ]);
});

test.each([
  ['lenet-5-caffe', 431_080],
  ['lenet-300-100', 266_610],
])('%s has %i parameters, which the pruning papers round to 431K and 267K', (name, parameters) => {
  expect(parametersOf(layerCosts(imageSpecOf(name), 28))).toBe(parameters);
});

test('AlexNet has 60 million parameters and 650,000 neurons (Krizhevsky et al. 2012, abstract and section 3.5)', () => {
  const trunk = { ...alexnetOf('image', 96), stem: { size: 11, stride: 4 } };
  const layers = layersOf(trunk, 227, 1000);
  const neurons = layers.filter(({ word }) => word === 'conv' || word === 'dense');
  expect(neurons.map(({ output }) => output)).toEqual([
    [55, 55, 96],
    [27, 27, 256],
    [13, 13, 384],
    [13, 13, 384],
    [13, 13, 256],
    [4096],
    [4096],
    [1000],
  ]);
  expect(neurons.map(values).reduce((a, b) => a + b, 0)).toBe(659_272);
  expect(parametersOf(layers)).toBe(60_965_224);
});

/** Krizhevsky et al. 2012, section 3.3, of maps at one point; a in pixels up to 255, k = 2, n = 5, alpha = 1e-4, beta = 0.75. */
const normalised = (a: readonly number[]): number[] =>
  a.map((own, i) => {
    const squares = a.slice(Math.max(0, i - 2), i + 3).map((one) => one ** 2);
    return own / (2 + 1e-4 * squares.reduce((sum, square) => sum + square)) ** 0.75;
  });

test('responses of AlexNet to values up to 1 are normalised as those of the paper to pixels up to 255', async () => {
  await useBackend('cpu');
  const model = buildModel(specOf('alexnet:6'), 1);
  for (const layer of ['trunk/layer1/norm', 'trunk/layer2/norm']) {
    const channels = model.getLayer(layer).outputShape[3] as number;
    const x = Array.from({ length: channels }, (_, i) => ((7 * i) % 11) / 10);
    const y = model.getLayer(layer).apply(tf.tensor4d(x, [1, 1, 1, channels])) as tf.Tensor;
    const pixels = x.map((value) => 255 * value);
    normalised(pixels).forEach((value, i) => expect(y.dataSync()[i]).toBeCloseTo(value / 255, 6));
  }
  model.dispose();
});

test.each([
  [11, 8, 132_863_336],
  [13, 10, 133_047_848],
  [16, 13, 138_357_544],
  [19, 16, 143_667_240],
])(
  'VGG-%i has %i convolutions of 3x3, 5 pools and 3 dense layers (Simonyan and Zisserman 2015, tables 1 and 2)',
  (depth, convs, parameters) => {
    const layers = layersOf(vggOf('image', 64, depth, false), 224, 1000);
    const count = (word: string): number => layers.filter((layer) => layer.word === word).length;
    expect([count('conv'), count('window'), count('dense')]).toEqual([convs, 5, 3]);
    const pooled = layers.filter(({ word }) => word === 'window').map(({ output }) => output);
    expect(pooled).toEqual([
      [112, 112, 64],
      [56, 56, 128],
      [28, 28, 256],
      [14, 14, 512],
      [7, 7, 512],
    ]);
    expect(parametersOf(layers)).toBe(parameters);
  },
);

test("GoogLeNet's modules put out what its table 1 says (Szegedy et al. 2015)", () => {
  const layers = layersOf(inceptionOf('image', 64, true), 28, 1000);
  expect(layers.filter(({ word }) => word === 'concat').map(({ output }) => output)).toEqual([
    [28, 28, 256],
    [28, 28, 480],
    [14, 14, 512],
    [14, 14, 512],
    [14, 14, 512],
    [14, 14, 528],
    [14, 14, 832],
    [7, 7, 832],
    [7, 7, 1024],
  ]);
});

test.each([
  [34.4, 'ResNeXt-29 8x64d', resnextOf('image', 512, 29)],
  [68.1, 'ResNeXt-29 16x64d', bottleneckOf('image', 1024, 29, { stem: 64, outer: 1 / 4, groups: 16 })],
  [1.0, 'DenseNet-40', densenetOf('image', 12, 40, false)],
  [7.0, 'DenseNet-100', densenetOf('image', 12, 100, false)],
  [0.8, 'DenseNet-BC-100', densenetOf('image', 12, 100, true)],
  [15.3, 'DenseNet-BC-250 of growth 24', densenetOf('image', 24, 250, true)],
])(
  '%d million parameters for CIFAR-10, as published for %s (Xie et al. 2017, table 7; Huang et al. 2017, table 2)',
  (published, _, trunk) => {
    const millions = parametersOf(layersOf(trunk, 32, 10)) / 1e6;
    expect(Math.abs(millions - published)).toBeLessThan(0.06);
  },
);

test('a transition of a DenseNet keeps floor(theta m) of m channels (Huang et al. 2017, section 3, "Compression")', () => {
  const trunk = { ...densenetOf('image', 3, 10, true), stem: 4, blocks: [1, 1], compression: 0.5 };
  const transition = layersOf(trunk, 32, 10).find(({ name }) => name === 'trunk/transition0/conv');
  expect(transition?.output).toEqual([32, 32, 3]);
});

test('layer l of a DenseNet sees k0 + k (l - 1) channels (Huang et al. 2017, section 3)', () => {
  const [stem, growth] = [16, 12];
  const layers = layersOf(densenetOf('image', growth, 40, false), 32, 10);
  const seen = layers.filter(({ name }) => /^trunk\/block0\/layer\d+\/bn$/.test(name));
  expect(seen.map(({ output }) => output)).toEqual(
    Array.from({ length: 12 }, (_, l) => [32, 32, stem + growth * l]),
  );
  const kernels = layers.filter(({ name }) => /^trunk\/block0\/layer\d+\/conv$/.test(name));
  expect(kernels.map(({ parameters }) => parameters)).toEqual(
    Array.from({ length: 12 }, (_, l) => 9 * (stem + growth * l) * growth),
  );
});
