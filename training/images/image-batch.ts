/** Images of one training step as tensors. */
import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '#engine/go/random.ts';
import { IDENTITY, seenThrough } from './affine.ts';
import type { Size } from './affine.ts';
import { drawWarp, recolor } from './augment.ts';
import type { ImageAugment } from './augment.ts';
import { pixelsOf } from './image-set.ts';
import type { ImageSet } from './image-set.ts';

export type ImageBatch = {
  /** float32 [B, H, W, C] as nets see them. */
  readonly pixels: tf.Tensor4D;
  /** float32 [B, K]: 1 at the class of each, 0 elsewhere. */
  readonly classes: tf.Tensor2D;
};

/** What nets see where an image is black. */
export const BACKGROUND = -0.1;

/**
 * Pixels from [0, 1] as nets see them: the background and, the brightest, 1.175, which makes the mean of handwritten digits
 * about 0 and their variance about 1 (LeCun et al. 1998, section II.B).
 */
function normalise(pixels: Float32Array): void {
  for (let i = 0; i < pixels.length; i++) pixels[i] = 1.275 * pixels[i] + BACKGROUND;
}

/**
 * @param indices of the images. @param input that the images are padded to, with background.
 * @param drawn how they are changed, if they are. @returns a batch that the caller disposes with `disposeImages`.
 */
export function makeImageBatch(
  images: ImageSet,
  indices: readonly number[],
  input: Size,
  classCount: number,
  drawn?: { readonly augment: ImageAugment; readonly rng: Rng },
): ImageBatch {
  const { channels } = images;
  const size = input.height * input.width * channels;
  const pixels = new Float32Array(indices.length * size);
  const classes = new Float32Array(indices.length * classCount);
  indices.forEach((index, i) => {
    const image = pixels.subarray(i * size, (i + 1) * size);
    const warp = drawn === undefined ? IDENTITY : drawWarp(drawn.augment, images, drawn.rng);
    seenThrough(warp, pixelsOf(images, index), images, image, input, channels);
    if (drawn !== undefined) recolor(drawn.augment, image, channels, drawn.rng);
    const label = images.labels[index];
    if (label >= classCount) throw new Error(`internal: an image of class ${label} among ${classCount}`);
    classes[i * classCount + label] = 1;
  });
  normalise(pixels);
  return {
    pixels: tf.tensor4d(pixels, [indices.length, input.height, input.width, channels]),
    classes: tf.tensor2d(classes, [indices.length, classCount]),
  };
}

export function disposeImages({ pixels, classes }: ImageBatch): void {
  tf.dispose([pixels, classes]);
}
