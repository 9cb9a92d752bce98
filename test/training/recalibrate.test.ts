/** Batch norm statistics of other positions or images than those that a net learned on. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { namedImageSpec } from '#nets/architectures/named.ts';
import { useBackend } from '#nets/backend/backends.ts';
import type { AnyNetFile, NetFile } from '#nets/file.ts';
import type { ImageSpec, NetSpec } from '#nets/spec.ts';
import { resnetSpec } from '#nets/spec.ts';
import { weightOf } from '#nets/weight-of.ts';
import { makeImageBatch } from '#training/images/image-batch.ts';
import type { ImageSet } from '#training/images/image-set.ts';
import {
  gatheringNorms,
  recalibrated,
  shiftsOf,
  showingImages,
  showingPositions,
} from '#training/recalibrate.ts';
import { recordPositions } from '#training/record-positions.ts';
import { dealt } from '#training/spread.ts';
import { randomWeights } from '../nets/katago/random-nets.ts';
import { randomGame } from './games.ts';

beforeAll(() => useBackend('wasm'));

const netOf = <Spec extends NetSpec | ImageSpec>(spec: Spec): NetFile<Spec> => ({
  spec,
  weights: randomWeights(spec, 1),
  provenance: {},
});

const isStatistic = (name: string): boolean => /\/moving_(mean|variance)$/.test(name);

/** The net with statistics of nothing. */
function withoutStatistics<Net extends AnyNetFile>(net: Net): Net {
  const weights = [...net.weights].map(
    ([name, { shape, values }]) =>
      [name, { shape, values: isStatistic(name) ? values.map(() => 9) : values }] as const,
  );
  return { ...net, weights: new Map(weights) };
}

const positions = recordPositions(
  [5, 7].map((size) => ({
    path: `${size}`,
    records: Array.from({ length: 12 }, (_, seed) => randomGame(seed, size, 10)),
  })),
  { holdOut: 1, examples: 150, skipped: new Map() },
);

test('statistics are those of the positions, whatever they were, and no other weight changes', async () => {
  const net = netOf(resnetSpec(1, 4));
  const after = await recalibrated(net, showingPositions(positions));
  const again = await recalibrated(withoutStatistics(net), showingPositions(positions));
  for (const [name, { values }] of net.weights) {
    const found = weightOf(after, name).values;
    if (isStatistic(name)) expect(found, name).not.toEqual(values);
    else expect(found, name).toEqual(values);
    expect(weightOf(again, name).values, name).toEqual(found);
  }
});

test('what a first norm sees of images has the mean and the variance that are found', async () => {
  const named = namedImageSpec('plain-8:4', { height: 6, width: 6, channels: 1 }, 3);
  if (!named.ok) throw new Error(named.message);
  const net = netOf(named.spec);
  const rng = makeRng(3);
  const images: ImageSet = {
    height: 6,
    width: 6,
    channels: 1,
    pixels: Uint8Array.from({ length: 40 * 36 }, () => rng.nextInt(256)),
    labels: Uint8Array.from({ length: 40 }, (_, i) => i % 3),
  };
  const after = await recalibrated(net, showingImages(images, 1024));
  const { values } = weightOf(net, 'trunk/input/kernel');
  const { pixels } = makeImageBatch(images, [...images.labels.keys()], net.spec.image, 3);
  const { mean, variance } = tf.moments(
    tf.conv2d(pixels, tf.tensor4d(values, [3, 3, 1, 4]), 1, 'same'),
    [0, 1, 2],
  );
  const seen = 40 * 36;
  const expected = {
    mean: mean.dataSync(),
    variance: variance.dataSync().map((value) => (value * seen) / (seen - 1)),
  };
  for (const of of ['mean', 'variance'] as const)
    weightOf(after, `trunk/bn/moving_${of}`).values.forEach((value, channel) =>
      expect(value).toBeCloseTo(expected[of][channel], 4),
    );
  const few = await recalibrated(net, showingImages(images, 10));
  expect(few.weights.get('trunk/bn/moving_mean')).not.toEqual(after.weights.get('trunk/bn/moving_mean'));
});

test('a shift is in old deviations, over all channels', () => {
  const net = (means: number[], variances: number[]): AnyNetFile => ({
    spec: resnetSpec(1, 4),
    weights: new Map([
      ['norm/moving_mean', { shape: [2], values: Float32Array.from(means) }],
      ['norm/moving_variance', { shape: [2], values: Float32Array.from(variances, (v) => v - 0.001) }],
      ['other/kernel', { shape: [1], values: Float32Array.of(5) }],
    ]),
    provenance: {},
  });
  const before = net([0, 10], [1, 4]);
  expect(gatheringNorms(before)).toEqual(['norm']);
  const [shift] = shiftsOf(before, net([3, 18], [16, 4]));
  // Three and four deviations; the deviation times four and times one.
  expect(shift.means).toBeCloseTo(Math.sqrt((3 ** 2 + 4 ** 2) / 2), 4);
  expect(shift.deviations).toBeCloseTo(2, 4);
});

test('piles are even, and each is of what is spread over all', () => {
  expect(dealt([0, 1, 2, 3, 4, 5, 6], 3)).toEqual([
    [0, 3, 6],
    [1, 4],
    [2, 5],
  ]);
  expect(dealt([0, 1], 64)).toEqual([[0, 1]]);
  expect(dealt([], 64)).toEqual([]);
});
