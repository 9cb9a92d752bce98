/** How far each amount of image augmentation is drawn: to its bounds both ways, never beyond, and no other with it. */
import { mean, rootMeanSquare } from 'simple-statistics';
import { expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import type { Affine } from '#training/images/affine.ts';
import { ImageAugment, drawWarp, recolor } from '#training/images/augment.ts';

const SEEDS = Array.from({ length: 100 }, (_, seed) => seed);
const SIZE = { width: 6, height: 4 };
const CHANNELS = 2;
const IMAGE = Float32Array.of(0, 0.25, 0.5, 0.75, 1, 0.5);

/** What is drawn of a warp or of an image's colours, by name. */
type Amounts = Readonly<Record<string, number>>;

/** That the least and most of each amount lie inside of its bounds, within a tenth of their distance; without bounds it is 0. */
function expectExtremes(draws: readonly Amounts[], bounds: Readonly<Record<string, [number, number]>>): void {
  for (const name of Object.keys(draws[0])) {
    const values = draws.map((amounts) => amounts[name]);
    const [low, high] = bounds[name] ?? [0, 0];
    const tenth = (high - low) / 10;
    const [least, most] = [Math.min(...values), Math.max(...values)];
    expect(least, name).toBeGreaterThanOrEqual(low - 1e-5);
    expect(most, name).toBeLessThanOrEqual(high + 1e-5);
    expect(least, name).toBeLessThanOrEqual(low + tenth + 1e-5);
    expect(most, name).toBeGreaterThanOrEqual(high - tenth - 1e-5);
  }
}

/** What a warp does, all of it 0 of the identity. */
function amountsOf({ xx, xy, x0, yx, yy, y0 }: Affine): Amounts {
  return {
    degrees: (Math.atan2(yx, xx) * 180) / Math.PI,
    logScale: Math.log(Math.hypot(xx, yx)),
    x0,
    y0,
    // Both 0 of a map that only turns and scales.
    shear: xy + yx,
    stretch: xx - yy,
  };
}

const zoom = Math.log(1.2);
test.each<[object, Readonly<Record<string, [number, number]>>]>([
  [{}, {}],
  [{ shift: 2 }, { x0: [-2, 2], y0: [-2, 2] }],
  [{ rotate: 10 }, { degrees: [-10, 10] }],
  [{ rotate: 180 }, { degrees: [-180, 180] }],
  [{ zoom: 0.2 }, { logScale: [-zoom, zoom] }],
])('%j alone is drawn from bound to bound', (asked, bounds) => {
  const augment = ImageAugment.parse(asked);
  expectExtremes(
    SEEDS.map((seed) => amountsOf(drawWarp(augment, SIZE, makeRng(seed)))),
    bounds,
  );
});

test('{"crop":0.5} alone cuts off up to half of each side, anywhere', () => {
  const augment = ImageAugment.parse({ crop: 0.5 });
  const draws = SEEDS.map((seed): Amounts => {
    const { xx, xy, x0, yx, yy, y0 } = drawWarp(augment, SIZE, makeRng(seed));
    expect([xy, yx, xx - yy]).toEqual([0, 0, 0]);
    // The place among all at which the crop lies inside of the image.
    const [x, y] = [SIZE.width, SIZE.height].map((side, i) => [x0, y0][i] / (((1 - xx) * side) / 2));
    return { cut: 1 - xx, x, y };
  });
  expectExtremes(draws, { cut: [0, 0.5], x: [-1, 1], y: [-1, 1] });
});

/** The image after one draw. */
function recolored(asked: object, seed: number, image = IMAGE): Float32Array {
  const copy = image.slice();
  recolor(ImageAugment.parse(asked), copy, CHANNELS, makeRng(seed));
  return copy;
}

/** What became of the image: the factor between values of the first channel, and what was added to that and to the other beyond it. */
function coloursOf(image: Float32Array): Amounts {
  const factor = (image[4] - image[0]) / (IMAGE[4] - IMAGE[0]);
  const added = (channel: number): number => image[channel] - 0.5 - factor * (IMAGE[channel] - 0.5);
  expect(image[5] - image[1]).toBeCloseTo(factor * (IMAGE[5] - IMAGE[1]), 5);
  return { logFactor: Math.log(factor), first: added(0), between: added(1) - added(0) };
}

const contrast = Math.log(1.5);
test.each<[object, Readonly<Record<string, [number, number]>>]>([
  [{}, {}],
  [{ brightness: 0.3 }, { first: [-0.3, 0.3] }],
  [{ contrast: 0.5 }, { logFactor: [-contrast, contrast] }],
])('%j alone is drawn from bound to bound, the same for all channels', (asked, bounds) => {
  expectExtremes(
    SEEDS.map((seed) => coloursOf(recolored(asked, seed))),
    bounds,
  );
});

test('{"color":0.3} alone is drawn from bound to bound for each channel by itself', () => {
  const draws = SEEDS.map((seed) => coloursOf(recolored({ color: 0.3 }, seed)));
  expectExtremes(
    draws.map(({ logFactor, first, between }) => ({ logFactor, first, second: first + between })),
    { first: [-0.3, 0.3], second: [-0.3, 0.3] },
  );
});

test('noise alone has a mean of 0 and its deviation', () => {
  const grey = new Float32Array(5000).fill(0.5);
  const added = Array.from(recolored({ noise: 0.2 }, 1, grey), (value) => value - 0.5);
  // Four standard errors of 5,000 values.
  expect(Math.abs(mean(added))).toBeLessThan(0.0113);
  expect(Math.abs(rootMeanSquare(added) - 0.2)).toBeLessThan(0.008);
});
