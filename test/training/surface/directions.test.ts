/** Directions: each filter as long as the net's, and nothing else moves. */
import { expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import type { AnyNetFile, WeightArray } from '#nets/file.ts';
import { resnetSpec } from '#nets/spec.ts';
import { randomDirection } from '#training/surface/directions.ts';
import { imageSpecOf, randomNet, specOf } from '../../nets/architectures/small-nets.ts';
import { gpool, ordinary, randomKataGoNet } from '../../nets/katago/random-nets.ts';

/** By output channel. */
function norms({ shape, values }: WeightArray): number[] {
  const filters = shape[shape.length - 1];
  return Array.from({ length: filters }, (_, f) =>
    Math.hypot(...values.filter((__, i) => i % filters === f)),
  );
}

test.each([
  ['with grouped convolutions', randomNet(specOf('resnext-11:8'))],
  ['that is a differential equation', randomNet(specOf('ode:4'))],
  ['of dense layers, for images', randomNet(imageSpecOf('lenet-300-100:12'))],
  ["of KataGo's", randomKataGoNet(8, [ordinary('relu'), gpool('relu')], 'relu')],
])('every filter of a net %s is matched, and all that is no kernel stands still', (_, net: AnyNetFile) => {
  const direction = randomDirection(net, makeRng(1));
  const kernels = [...net.weights].filter(([, { shape }]) => shape.length > 1);
  expect([...direction.keys()]).toEqual(kernels.map(([name]) => name));
  for (const [name, kernel] of kernels) {
    const own = direction.get(name) as WeightArray;
    expect(own.shape).toEqual(kernel.shape);
    const wanted = norms(kernel);
    norms(own).forEach((norm, filter) => expect(norm / wanted[filter]).toBeCloseTo(1, 5));
  }
});

test.each([
  ['for images', randomNet(imageSpecOf('lenet-5'))],
  ['for boards', randomNet(specOf('lenet-5:6'))],
])(
  'filters of C3 of a LeNet-5 %s are matched in the maps that they see, and the others stand still',
  (_, net: AnyNetFile) => {
    // Weights other than 0 everywhere, as a net read from a file may have them.
    const kernel = net.weights.get('trunk/c3/kernel') as WeightArray;
    expect(kernel.shape).toEqual([5, 5, 6, 16]);
    const { values } = randomDirection(net, makeRng(1)).get('trunk/c3/kernel') as WeightArray;
    // LeCun et al. 1998, table I: 3 maps, 4 maps, and all.
    const columns: [number, number[]][] = [
      [0, [0, 1, 2]],
      [4, [0, 4, 5]],
      [9, [0, 3, 4, 5]],
      [15, [0, 1, 2, 3, 4, 5]],
    ];
    for (const [filter, maps] of columns) {
      const isOf = (i: number): boolean => i % 16 === filter;
      const isSeen = (i: number): boolean => maps.includes(Math.floor(i / 16) % 6);
      const norm = (of: Float32Array, counts: (i: number) => boolean): number =>
        Math.hypot(...of.filter((__, i) => isOf(i) && counts(i)));
      expect(norm(values, isSeen) / norm(kernel.values, isSeen)).toBeCloseTo(1, 5);
      expect(norm(values, (i) => !isSeen(i))).toBe(0);
    }
  },
);

test('a filter that was pruned away stays away', () => {
  const kernel = { shape: [2, 2], values: Float32Array.of(3, 0, 4, 0) };
  const net = { spec: resnetSpec(1, 4), weights: new Map([['kernel', kernel]]) };
  const { values } = randomDirection(net, makeRng(1)).get('kernel') as WeightArray;
  expect(Math.hypot(values[0], values[2])).toBeCloseTo(5, 5);
  expect(Math.hypot(values[1], values[3])).toBe(0);
});

test('the seed decides, and the second direction is another one', () => {
  const net = randomNet(specOf('2x8'));
  const pair = (seed: number): unknown[] => {
    const rng = makeRng(seed);
    return [randomDirection(net, rng), randomDirection(net, rng)];
  };
  expect(pair(7)).toEqual(pair(7));
  expect(pair(7)).not.toEqual(pair(8));
  const [delta, eta] = pair(7);
  expect(delta).not.toEqual(eta);
});
