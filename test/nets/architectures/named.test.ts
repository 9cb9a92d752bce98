/** Names of nets: what they mean, that they compare, and what is said of those that there are not. */
import { describe, expect, test } from 'vitest';
import { editDistance } from '#nets/architectures/edit-distance.ts';
import { NET_NAMES, namedImageSpec, namedSpec, namedTrunk } from '#nets/architectures/named.ts';
import { inspectNet } from '#nets/inspect/inspect.ts';
import { NetSpec, playedSpec, resnetSpec } from '#nets/spec.ts';
import { weightShapes } from '#nets/weight-shapes.ts';
import { SMALL_NETS, specOf } from './small-nets.ts';

const OPEN_WIDTHS = NET_NAMES.filter((name) => {
  const { ok } = namedTrunk(name, 'board');
  return ok && name !== '4x32';
});

test.each(OPEN_WIDTHS)('%s has 0.25 to 0.35 million parameters on boards, heads included', (name) => {
  const { parameters } = inspectNet(playedSpec(specOf(name)), 9);
  expect(parameters).toBeGreaterThan(250_000);
  expect(parameters).toBeLessThan(350_000);
});

test.each([
  'plain-56',
  'resnet-56',
  'resnet-bottleneck-56',
  'vgg-19',
  'fractal-5',
  'kata-10',
  'densenet-bc-100',
])('so has %s, of another depth', (name) => {
  const { parameters } = inspectNet(playedSpec(specOf(name)), 9);
  expect(Math.abs(parameters / 300_000 - 1)).toBeLessThan(1 / 6);
});

test.each(NET_NAMES)('the spec of %s is one that files may have', (name) => {
  const named = namedSpec(name);
  if (named.ok) expect(NetSpec.parse(JSON.parse(JSON.stringify(named.spec)))).toEqual(named.spec);
  else expect(named.message).toBe(`net ${name} is not for boards`);
});

test.each(SMALL_NETS)(
  'of every layer of %s the weights are its own, in all as many as the net has',
  (name) => {
    const spec = specOf(name);
    const { layers, parameters, statistics } = inspectNet(spec, 9);
    const sizes = [...weightShapes(spec).values()].map((shape) =>
      shape.reduce((size, side) => size * side, 1),
    );
    expect(parameters + statistics).toBe(sizes.reduce((a, b) => a + b, 0));
    expect(new Set(layers.map((layer) => layer.name)).size).toBe(layers.length);
  },
);

/** What each name says that others like it do not, for images unless it is for boards alone, and whose word that is. */
const MEANINGS: Readonly<Record<string, readonly [source: string, meaning: object]>> = {
  'lenet-5': ['LeCun et al. 1998, II.B', { maps: [6, 16, 120], hidden: 84, sparse: true }],
  'lenet-5-caffe': ["Caffe's lenet.prototxt", { kind: 'lenet-caffe', filters: [20, 50], hidden: 500 }],
  'lenet-300-100': [
    'LeCun et al. 1998, III.C.4, with relu',
    { kind: 'mlp', hidden: [300, 100], activation: 'relu' },
  ],
  alexnet: [
    'Krizhevsky et al. 2012, 3.1 to 3.4 and 4.2',
    { groups: 2, activation: 'relu', localNorm: true, overlap: true, dropout: 0.5 },
  ],
  'vgg-16': ['Simonyan and Zisserman 2015', { kind: 'vgg', norm: false, dropout: 0.5 }],
  'vgg-bn-16': ['our choice', { kind: 'vgg', norm: true, dropout: 0.5 }],
  inception: [
    'Szegedy et al. 2015, figure 2b',
    { modules: Array(9).fill({ reduce: expect.anything() as unknown }) },
  ],
  'inception-naive': ['Szegedy et al. 2015, figure 2a', { modules: Array(9).fill({ reduce: null }) }],
  'plain-20': ['He et al. 2016a, 4.2', { form: 'plain', shortcut: 'identity', norm: true }],
  'resnet-20': ['He et al. 2016a, 4.2', { form: 'original', shortcut: 'identity', norm: true }],
  'resnet-bn-after-add-20': [
    'He et al. 2016b, figure 4b',
    { form: 'bn-after-add', shortcut: 'identity', norm: true },
  ],
  'resnet-preact-20': [
    'He et al. 2016b, figure 4e',
    { form: 'pre-activation', shortcut: 'identity', norm: true },
  ],
  'resnet-projection-20': [
    'He et al. 2016a, 4.1, C',
    { form: 'original', shortcut: 'projection', norm: true },
  ],
  'resnet-bottleneck-29': [
    'He et al. 2016a, figure 5',
    { form: 'original', groups: 1, stages: [16, 32, 64].map((narrow) => ({ narrow, channels: 4 * narrow })) },
  ],
  'resnext-29': [
    'Xie et al. 2017, 5.3',
    {
      form: 'original',
      groups: 8,
      stages: [512, 1024, 2048].map((narrow) => ({ narrow, channels: narrow / 2 })),
    },
  ],
  'fractal-4': ['Larsson et al. 2017, 4', { columns: 4, blocks: [64, 128, 256, 512, 512], dropPath: 0.15 }],
  'densenet-40': ['Huang et al. 2017, 3', { growth: 12, bottleneck: false, compression: 1 }],
  'densenet-bc-40': ['Huang et al. 2017, 3', { growth: 12, bottleneck: true, compression: 0.5 }],
  ode: ['our choice', { solver: { kind: 'dopri5', rtol: 1e-2, atol: 1e-2 }, gradient: 'backprop' }],
  'ode-adjoint': [
    'Chen et al. 2018, 2',
    { solver: { kind: 'dopri5', rtol: 1e-2, atol: 1e-2 }, gradient: 'adjoint' },
  ],
  'ode-euler-6': ['Chen et al. 2018, eq. 1', { solver: { kind: 'euler', steps: 6 }, gradient: 'backprop' }],
  'ode-rk4-6': ['our choice', { solver: { kind: 'rk4', steps: 6 }, gradient: 'backprop' }],
  'kata-6': ['our choice', { kind: 'kata', blocks: 6, nested: false, pooledEvery: 3 }],
  'kata-nbt-6': ['our choice', { kind: 'kata', blocks: 6, nested: true, pooledEvery: 3 }],
};

test('what is meant is written down of every name but those of blocks x channels', () => {
  expect(['4x32', ...Object.keys(MEANINGS)]).toEqual(NET_NAMES);
});

test.each(Object.entries(MEANINGS).map(([name, row]) => [name, ...row] as const))(
  '%s has the settings of %s',
  (name, _, meaning) => {
    expect(namedTrunk(name, name.startsWith('kata') ? 'board' : 'image')).toMatchObject({ trunk: meaning });
  },
);

test("a width stands after a colon; without one it is the paper's for images", () => {
  expect(specOf('4x32')).toEqual(resnetSpec(4, 32));
  const stages = [16, 16, 16].map((channels) => ({ blocks: 3, channels }));
  expect(specOf('resnet-20:16').trunk).toMatchObject({
    kind: 'residual',
    form: 'original',
    stem: 16,
    stages,
  });
  const image = { height: 28, width: 28, channels: 1 };
  expect(namedImageSpec('resnet-20', image, 10)).toMatchObject({
    ok: true,
    spec: {
      image: { height: 32, width: 32, channels: 1 },
      trunk: { stages: [16, 32, 64].map((channels) => ({ blocks: 3, channels })) },
      heads: { kind: 'classes', classes: 10 },
    },
  });
});

describe('a name that means no net is refused in one sentence', () => {
  test.each([
    ['resnt-20', 'there is no net resnt-20; names like it are resnet-20, resnext-29'],
    [
      'Desnenet-121:16',
      'there is no net Desnenet-121:16; names like it are densenet-40, resnet-20, resnext-29',
    ],
    ['resnet', 'net resnet needs a number 6 n + 2, to 200, as in resnet-20'],
    ['resnet-21', 'net resnet-21 needs a number 6 n + 2, to 200, as in resnet-20'],
    ['vgg-12', 'net vgg-12 needs a number 11, 13, 16, 19, as in vgg-16'],
    ['resnext-29:20', 'the width of resnext is a multiple of 8, not 20'],
    ['resnet-20:0', 'the width of resnet is at least 1, not 0'],
    ['lenet-300-100', 'net lenet-300-100 is not for boards'],
    ['99x32', 'net 99x32 is beyond what is built, at blocks'],
    ['resnet-20:9999', 'net resnet-20:9999 is beyond what is built, at stem'],
    ['constructor', `there is no net constructor; there are ${NET_NAMES.join(', ')}`],
    ['vit', `there is no net vit; there are ${NET_NAMES.join(', ')}`],
  ])('%s', (name, message) => {
    expect(namedTrunk(name, 'board')).toEqual({ ok: false, message });
  });
});

test.each([
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['resnet-20', 'resnext-20', 1],
])('from %j to %j it takes %i changes', (a, b, changes) => {
  expect(editDistance(a, b)).toBe(changes);
  expect(editDistance(b, a)).toBe(changes);
});
