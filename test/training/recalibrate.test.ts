/** Batch norm statistics of other positions or images than those that a net learned on. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { namedImageSpec } from '#nets/architectures/named.ts';
import { useBackend } from '#nets/backend/backends.ts';
import type { AnyNetFile, NetFile } from '#nets/file.ts';
import type { ImageSpec, NetSpec } from '#nets/spec.ts';
import { resnetSpec } from '#nets/spec.ts';
import { gatheringNorms } from '#nets/statistics.ts';
import { weightOf } from '#nets/weight-of.ts';
import { disposeImages, makeImageBatch } from '#training/images/image-batch.ts';
import type { ImageSet } from '#training/images/image-set.ts';
import { recalibrated, shiftsOf, showingImages, showingPositions } from '#training/recalibrate.ts';
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
  const tensors = tf.memory().numTensors;
  const after = await recalibrated(net, showingPositions(positions));
  const again = await recalibrated(withoutStatistics(net), showingPositions(positions));
  for (const [name, { values }] of net.weights) {
    const found = weightOf(after, name).values;
    if (isStatistic(name)) expect(found, name).not.toEqual(values);
    else expect(found, name).toEqual(values);
    expect(weightOf(again, name).values, name).toEqual(found);
  }
  expect(tf.memory().numTensors).toBe(tensors);
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
    pixels: Uint8Array.from({ length: 100 * 36 }, () => rng.nextInt(256)),
    labels: Uint8Array.from({ length: 100 }, (_, i) => i % 3),
  };
  const after = await recalibrated(net, showingImages(images, 1024));
  const { values } = weightOf(net, 'trunk/input/kernel');
  const batch = makeImageBatch(images, [...images.labels.keys()], net.spec.image, 3);
  const { pixels } = batch;
  const map = tf.tidy(
    () => tf.conv2d(pixels, tf.tensor4d(values, [3, 3, 1, 4]), 1, 'same').dataSync() as Float32Array,
  );
  disposeImages(batch);
  const { values: means } = weightOf(after, 'trunk/bn/moving_mean');
  const { values: variances } = weightOf(after, 'trunk/bn/moving_variance');
  for (let channel = 0; channel < 4; channel++) {
    const seen = map.filter((_, i) => i % 4 === channel);
    const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
    expect(means[channel]).toBeCloseTo(mean, 5);
    // Of two batches, whose means are not quite the same.
    const variance = seen.reduce((sum, value) => sum + (value - mean) ** 2, 0) / seen.length;
    expect(variances[channel] / variance).toBeCloseTo(1, 1.5);
  }
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

test('piles are even, hold each item once, and are drawn', () => {
  const items = Array.from({ length: 100 }, (_, i) => i);
  const piles = dealt(items, 30, makeRng(1));
  expect(piles.map((pile) => pile.length)).toEqual([25, 25, 25, 25]);
  expect(piles.flat()).not.toEqual(items);
  expect(piles.flat().toSorted((a, b) => a - b)).toEqual(items);
  expect(dealt(items, 30, makeRng(1))).toEqual(piles);
  expect(dealt(items.slice(0, 7), 3, makeRng(1)).map((pile) => pile.length)).toEqual([2, 3, 2]);
  expect(dealt([], 64, makeRng(1))).toEqual([]);
});

test('positions are seen in all turns of the board', async () => {
  const net = netOf(resnetSpec(1, 4));
  const asked = recordPositions([{ path: '7', records: [randomGame(1, 7, 10)] }], {
    holdOut: 1,
    examples: 1e6,
    skipped: new Map(),
  });
  const meansOf = async (times: number): Promise<Float32Array> =>
    weightOf(
      await recalibrated(net, showingPositions(Array.from({ length: times }, () => asked[8]))),
      'trunk/block0/bn1/moving_mean',
    ).values;
  const [few, many] = [await meansOf(2), await meansOf(64)];
  expect(Math.max(...few.map((mean, channel) => Math.abs(mean - many[channel])))).toBeGreaterThan(1e-3);
});
