/** Directions: each filter as long as the net's, and nothing else moves. */
import { expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import type { AnyNetFile, WeightArray } from '#nets/file.ts';
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
  const direction = randomDirection(net.weights, makeRng(1));
  const kernels = [...net.weights].filter(([, { shape }]) => shape.length > 1);
  expect([...direction.keys()]).toEqual(kernels.map(([name]) => name));
  for (const [name, kernel] of kernels) {
    const own = direction.get(name) as WeightArray;
    expect(own.shape).toEqual(kernel.shape);
    const wanted = norms(kernel);
    norms(own).forEach((norm, filter) => expect(norm / wanted[filter]).toBeCloseTo(1, 5));
  }
});

test('a filter that was pruned away stays away', () => {
  const kernel = { shape: [2, 2], values: Float32Array.of(3, 0, 4, 0) };
  const { values } = randomDirection(new Map([['kernel', kernel]]), makeRng(1)).get('kernel') as WeightArray;
  expect(Math.hypot(values[0], values[2])).toBeCloseTo(5, 5);
  expect(Math.hypot(values[1], values[3])).toBe(0);
});

test('the seed decides, and the second direction is another one', () => {
  const { weights } = randomNet(specOf('2x8'));
  const pair = (seed: number): unknown[] => {
    const rng = makeRng(seed);
    return [randomDirection(weights, rng), randomDirection(weights, rng)];
  };
  expect(pair(7)).toEqual(pair(7));
  expect(pair(7)).not.toEqual(pair(8));
  const [delta, eta] = pair(7);
  expect(delta).not.toEqual(eta);
});
