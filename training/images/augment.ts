/** Images drawn anew at each step: moved, turned, zoomed, cropped, mirrored, recoloured, noisy. All amounts are uniform draws. */
import { z } from 'zod';
import { gaussian } from '#engine/go/draws.ts';
import type { Rng } from '#engine/go/random.ts';
import { IDENTITY, compose } from './affine.ts';
import type { Affine, Size } from './affine.ts';

const share = z.number().min(0).max(1).default(0);

export const ImageAugment = z.strictObject({
  /** Pixels in each direction, at most. */
  shift: z.number().min(0).max(64).default(0),
  /** Degrees either way, at most. */
  rotate: z.number().min(0).max(180).default(0),
  /** Larger or smaller by a factor of at most 1 + this. */
  zoom: z.number().min(0).max(1).default(0),
  /** Share of each side that is cut off at most, anywhere; what is left fills the image. */
  crop: z.number().min(0).max(0.9).default(0),
  /** Share of images that are mirrored left to right. */
  flip: share,
  /**
   * Share of images, which have to be square, that are turned by one, two or three quarters. With this 0.75 and `flip` 0.5
   * all eight symmetries of a square are equally likely.
   */
  quarterTurns: share,
  /** Added to all values, which are in [0, 1], either way at most. */
  brightness: share,
  /** Values are drawn away from their mean, or to it, by a factor of at most 1 + this. */
  contrast: share,
  /** Added to each channel by itself, either way at most. */
  color: share,
  /** Deviation of what is added to each value by itself. */
  noise: share,
});
export type ImageAugment = z.infer<typeof ImageAugment>;

/** Uniform between -most and most. */
const within = (most: number, rng: Rng): number => most * (2 * rng.nextFloat() - 1);

const QUARTER_TURN: Affine = { ...IDENTITY, xx: 0, xy: 1, yx: -1, yy: 0 };

/** Where the pixels of a new image come from. */
export function drawWarp(augment: ImageAugment, size: Size, rng: Rng): Affine {
  let warp = drawFreeWarp(augment, size, rng);
  // Nothing is drawn where no turns are asked for, so that seeds draw what they drew before there were any.
  if (augment.quarterTurns === 0 || rng.nextFloat() >= augment.quarterTurns) return warp;
  for (let turn = rng.nextInt(3); turn >= 0; turn--) warp = compose(warp, QUARTER_TURN);
  return warp;
}

function drawFreeWarp(augment: ImageAugment, { width, height }: Size, rng: Rng): Affine {
  const angle = (within(augment.rotate, rng) * Math.PI) / 180;
  const zoom = (1 + augment.zoom) ** within(1, rng);
  const left = 1 - augment.crop * rng.nextFloat();
  const mirror = rng.nextFloat() < augment.flip ? -1 : 1;
  const [cos, sin] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom];
  const turned = {
    xx: mirror * cos,
    xy: -sin,
    x0: within(augment.shift, rng),
    yx: mirror * sin,
    yy: cos,
    y0: within(augment.shift, rng),
  };
  if (augment.crop === 0) return turned;
  const [x0, y0] = [width, height].map((side) => within(((1 - left) * side) / 2, rng));
  return compose({ ...IDENTITY, xx: left, yy: left, x0, y0 }, turned);
}

/** Other brightness, contrast and colours, and noise. @param image float32 [H * W * C], changed in place. */
export function recolor(augment: ImageAugment, image: Float32Array, channels: number, rng: Rng): void {
  const { brightness, contrast, color, noise } = augment;
  if (Math.max(brightness, contrast, color, noise) === 0) return;
  const factor = (1 + contrast) ** within(1, rng);
  const mean = image.reduce((sum, value) => sum + value, 0) / image.length;
  const added = within(brightness, rng) + mean * (1 - factor);
  const shifts = Float64Array.from({ length: channels }, () => added + within(color, rng));
  for (let i = 0; i < image.length; i++)
    image[i] = factor * image[i] + shifts[i % channels] + (noise === 0 ? 0 : noise * gaussian(rng));
}
