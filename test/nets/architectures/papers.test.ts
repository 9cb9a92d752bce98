/** In what order the papers' layers stand, and what they pool by. */
import { expect, test } from 'vitest';
import type { DenseOptions, WindowOptions } from '#nets/architectures/layers.ts';
import { alexnetOf } from '#nets/architectures/alexnet.ts';
import { namedTrunk } from '#nets/architectures/named.ts';
import type { Scale } from '#nets/architectures/parts.ts';
import type { Trunk } from '#nets/architectures/trunk.ts';
import { trunkWiring } from './wiring.ts';
import type { Wired } from './wiring.ts';

function trunkOf(name: string, target: Scale): Trunk {
  const named = namedTrunk(name, target);
  if (!named.ok) throw new Error(named.message);
  return named.trunk;
}

const poolOf = ({ kind, size, stride = 1 }: WindowOptions): string => `${kind} ${size}x${size}/${stride}`;

/** Sorts of windows, each once. */
const poolsOf = (target: Scale, trunk: Trunk): string[] => {
  const windows = [...trunkWiring(target, trunk).values()].filter(({ word }) => word === 'window');
  return [...new Set(windows.map(({ args }) => poolOf(args[1] as WindowOptions)))];
};

test.each([
  ['lenet-5', 'LeCun et al. 1998, II.B', ['mean 2x2/2']],
  ['lenet-5-caffe', "Caffe's lenet.prototxt", ['max 2x2/2']],
  ['alexnet', 'Krizhevsky et al. 2012, 3.4', ['max 3x3/2']],
  ['vgg-11', 'Simonyan and Zisserman 2015, 2.1', ['max 2x2/2']],
  ['inception', 'Szegedy et al. 2015, figure 2b and table 1', ['max 3x3/1', 'max 3x3/2']],
  ['inception-naive', 'Szegedy et al. 2015, figure 2a and table 1', ['max 3x3/1', 'max 3x3/2']],
  ['fractal-3', 'Larsson et al. 2017, 4', ['max 2x2/2']],
  ['densenet-40', 'Huang et al. 2017, 3', ['mean 2x2/2']],
])('%s for images pools as %s says', (name, _, pools) => {
  expect(poolsOf('image', trunkOf(name, 'image'))).toEqual(pools);
});

test("AlexNet's windows without overlap are those that the paper compares with (Krizhevsky et al. 2012, 3.4)", () => {
  expect(poolsOf('image', { ...alexnetOf('image', 6), overlap: false })).toEqual(['max 2x2/2']);
});

test.each([
  ['lenet-5:6', []],
  ['alexnet:6', ['max 3x3/1']],
  ['vgg-11:6', []],
  ['inception:8', ['max 3x3/1']],
  ['fractal-3:4', []],
  ['densenet-10:4', []],
])('on boards %s keeps of its windows those that overlap, with strides of 1', (name, pools) => {
  expect(poolsOf('board', trunkOf(name, 'board'))).toEqual(pools);
});

/** A layer in a word or two. */
function called({ word, args: [, first, ...rest] }: Wired): string {
  if (word === 'window') return (first as WindowOptions).kind;
  if (word === 'activate') return first as string;
  if (word !== 'dense') return word;
  const { activation } = (rest[0] ?? {}) as DenseOptions;
  return activation === undefined ? word : `${word} ${activation}`;
}

/** The layers of a net for images in which each reads the one before, and none but that. */
function chainOf(name: string): string {
  const wired = [...trunkWiring('image', trunkOf(name, 'image'))];
  wired.forEach(([, { args }], i) => expect(args[0]).toBe(i === 0 ? 'planes' : wired[i - 1][0]));
  return wired.map(([, layer]) => called(layer)).join(', ');
}

test("in LeNet-5 what is convolved, subsampled or full is squashed by LeCun's tanh (LeCun et al. 1998, II.B and appendix A)", () => {
  const [convolved, subsampled] = ['conv, lecun-tanh', 'mean, affine, lecun-tanh'];
  expect(chainOf('lenet-5')).toBe(
    [convolved, subsampled, convolved, subsampled, convolved, 'flatten, dense, lecun-tanh'].join(', '),
  );
});

test("in Caffe's LeNet convolutions are pooled as they are (lenet.prototxt)", () => {
  expect(chainOf('lenet-5-caffe')).toBe('conv, max, conv, max, flatten, dense relu');
});

test('in AlexNet responses are normalised behind the relu and before the pool (Krizhevsky et al. 2012, 3.5)', () => {
  const [normalised, full] = ['conv, relu, localNorm, max', 'dense relu, dropout'];
  expect(chainOf('alexnet')).toBe(
    [normalised, normalised, 'conv, relu, conv, relu, conv, relu, max, flatten', full, full].join(', '),
  );
});

/** What our nets in KataGo's style pool, by its name: the channels of its branch that are pooled, and those that are not. */
const pooledIn = (name: string): unknown => {
  const wired = trunkWiring('board', trunkOf(name, 'board'));
  const blocks = [...wired].filter(([, { word }]) => word === 'pool').map(([pool]) => pool.slice(0, -5));
  const filters = (conv: string): unknown => wired.get(conv)?.args[1];
  return blocks.map((block) => [block, filters(`${block}/pooled/conv`), filters(`${block}/conv1`)]);
};

test("every third block pools, as in KataGo's b18c384nbt, a quarter of its channels, as in b10c128", () => {
  expect(pooledIn('kata-7:128')).toEqual(['trunk/block2', 'trunk/block5'].map((block) => [block, 32, 96]));
});

test("of nested blocks it is the first within every third, as in KataGo's b18c384nbt", () => {
  expect(pooledIn('kata-nbt-7:64')).toEqual(
    ['trunk/block2/block0', 'trunk/block5/block0'].map((block) => [block, 8, 24]),
  );
});
