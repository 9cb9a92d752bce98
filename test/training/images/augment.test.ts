/** Images drawn anew: geometry by hand, labels untouched, everything by the seed. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { SYMMETRY_COUNT, symmetryTable } from '#engine/go/symmetry.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { IDENTITY, compose, seenThrough } from '#training/images/affine.ts';
import type { Affine, Size } from '#training/images/affine.ts';
import { ImageAugment, drawWarp, recolor } from '#training/images/augment.ts';
import { disposeImages, makeImageBatch } from '#training/images/image-batch.ts';
import type { ImageSet } from '#training/images/image-set.ts';

beforeAll(() => useBackend('cpu'));

const THREE = { width: 3, height: 3 };
const cross = Uint8Array.of(0, 51, 0, 102, 255, 0, 0, 0, 0);

function through(map: Affine, to: Size = THREE): number[] {
  const out = new Float32Array(to.width * to.height);
  seenThrough(map, cross, THREE, out, to, 1);
  return Array.from(out, (value) => Math.round(value * 1000) / 1000);
}

test('the identity shows the image, padded with background or cut, to the pixel', () => {
  expect(through(IDENTITY)).toEqual([0, 0.2, 0, 0.4, 1, 0, 0, 0, 0]);
  const four = { width: 4, height: 4 };
  expect(through(IDENTITY, four)).toEqual([0, 0.2, 0, 0, 0.4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect(through(IDENTITY, { width: 1, height: 1 })).toEqual([1]);
});

test('shifts, turns and mirrors move pixels where they should', () => {
  expect(through({ ...IDENTITY, x0: 1 })).toEqual([0.2, 0, 0, 1, 0, 0, 0, 0, 0]);
  expect(through({ ...IDENTITY, y0: -1 })).toEqual([0, 0, 0, 0, 0.2, 0, 0.4, 1, 0]);
  expect(through({ ...IDENTITY, xx: -1 })).toEqual([0, 0.2, 0, 0, 1, 0.4, 0, 0, 0]);
  // A quarter: what was above is now to the right.
  expect(through({ ...IDENTITY, xx: 0, xy: 1, yx: -1, yy: 0 })).toEqual([0, 0.4, 0, 0, 1, 0.2, 0, 0, 0]);
});

test('between pixels values are interpolated', () => {
  expect(through({ ...IDENTITY, x0: 0.25 })[4]).toBe(0.75);
  expect(through({ ...IDENTITY, x0: -0.5, y0: -0.5 })[4]).toBe(0.4);
});

test('compose first maps by its second map', () => {
  const number = fc.double({ min: -2, max: 2, noNaN: true });
  const affine = fc.record({ xx: number, xy: number, x0: number, yx: number, yy: number, y0: number });
  const at = ({ xx, xy, x0, yx, yy, y0 }: Affine, [x, y]: readonly number[]): number[] => [
    xx * x + xy * y + x0,
    yx * x + yy * y + y0,
  ];
  fc.assert(
    fc.property(affine, affine, number, number, (first, second, x, y) => {
      const [once, twice] = [at(compose(first, second), [x, y]), at(first, at(second, [x, y]))];
      once.forEach((value, i) => expect(value).toBeCloseTo(twice[i], 9));
    }),
  );
});

test('nothing asked for changes nothing, and the mirror is drawn for its share', () => {
  const none = ImageAugment.parse({});
  const warp = drawWarp(none, THREE, makeRng(1));
  expect(Object.values(warp).map((value) => value + 0)).toEqual(Object.values(IDENTITY));
  const image = Float32Array.of(0, 0.5, 1);
  recolor(none, image, 1, makeRng(1));
  expect([...image]).toEqual([0, 0.5, 1]);
  const flipped = Array.from({ length: 200 }, (_, seed) =>
    drawWarp(ImageAugment.parse({ flip: 0.25 }), THREE, makeRng(seed)),
  ).filter(({ xx }) => xx < 0).length;
  expect(flipped).toBeGreaterThan(25);
  expect(flipped).toBeLessThan(75);
});

test('with mirrors and turns by quarters all eight symmetries of a square are drawn alike, to the pixel', () => {
  const augment = ImageAugment.parse({ flip: 0.5, quarterTurns: 0.75 });
  const drawn = Array.from({ length: 400 }, (_, seed) =>
    through(drawWarp(augment, THREE, makeRng(seed))).join(),
  );
  const square = [0, 0.2, 0, 0.4, 1, 0, 0, 0, 0];
  const symmetries = Array.from({ length: SYMMETRY_COUNT }, (_, symmetry) =>
    square.map((_value, p) => square[symmetryTable(symmetry, 3, 3)[p]]).join(),
  );
  expect(new Set(symmetries).size).toBe(8);
  for (const image of symmetries) {
    const count = drawn.filter((other) => other === image).length;
    expect(count).toBeGreaterThan(25);
    expect(count).toBeLessThan(75);
  }
});

test('contrast keeps the mean, brightness moves it, colours move each channel, noise every value', () => {
  const image = Float32Array.of(0, 0.25, 0.5, 0.75, 1, 0.5);
  const changed = (asked: object): number[] => {
    const copy = image.slice();
    recolor(ImageAugment.parse(asked), copy, 2, makeRng(3));
    return [...copy].map((value, i) => value - image[i]);
  };
  const contrast = changed({ contrast: 0.5 });
  expect(contrast.reduce((a, b) => a + b)).toBeCloseTo(0, 5);
  expect(contrast[0]).not.toBeCloseTo(0, 2);
  const brightness = changed({ brightness: 0.5 });
  brightness.forEach((value) => expect(value).toBeCloseTo(brightness[0], 5));
  const color = changed({ color: 0.5 });
  color.forEach((value, i) => expect(value).toBeCloseTo(color[i % 2], 5));
  expect(color[0]).not.toBeCloseTo(color[1], 2);
  expect(new Set(changed({ noise: 0.5 })).size).toBe(6);
});

test('a batch is a function of its images and seed, as nets see them', () => {
  const images: ImageSet = {
    ...THREE,
    channels: 1,
    pixels: Uint8Array.of(...cross, ...cross),
    labels: Uint8Array.of(2, 0),
  };
  const batch = (seed: number | null): number[] => {
    const drawn = { augment: ImageAugment.parse({ shift: 1, noise: 0.1 }), rng: makeRng(seed ?? 0) };
    const made = makeImageBatch(
      images,
      [1, 0],
      { width: 5, height: 5 },
      3,
      seed === null ? undefined : drawn,
    );
    expect(made.pixels.shape).toEqual([2, 5, 5, 1]);
    expect([...made.classes.dataSync()]).toEqual([1, 0, 0, 0, 0, 1]);
    const values = [...made.pixels.dataSync()];
    disposeImages(made);
    return values;
  };
  const plain = batch(null);
  expect(plain[0]).toBeCloseTo(-0.1);
  expect(plain[12]).toBeCloseTo(1.175);
  expect(batch(1)).toEqual(batch(1));
  expect(batch(1)).not.toEqual(batch(2));
  expect(tf.memory().numTensors).toBe(0);
});
