/** Labelled images in files named as MNIST's: `train-images-idx3-ubyte` and so on, gzipped (with .gz) or not. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '#nets/atomic-file.ts';
import { imageMisfit } from '#nets/spec.ts';
import type { ImageSpec } from '#nets/spec.ts';
import { makeIdx, readIdx } from './idx.ts';

export type ImageSet = {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** uint8 [N, H, W, C]: 0 the background, 255 the brightest. */
  readonly pixels: Uint8Array;
  /** uint8 [N]: the class of each, from 0. */
  readonly labels: Uint8Array;
};

export type ImageSetResult =
  { readonly ok: true; readonly images: ImageSet } | { readonly ok: false; readonly message: string };

const PREFIX = { train: 'train', test: 't10k' } as const;
export type ImagePart = keyof typeof PREFIX;

/** The files of a part, without the .gz that they may end in. */
function filesOf(folder: string, part: ImagePart): [images: string, labels: string] {
  const stem = join(folder, PREFIX[part]);
  return [`${stem}-images-idx3-ubyte`, `${stem}-labels-idx1-ubyte`];
}

/** Whether a folder has files of images or labels already. */
export const holdsImages = (folder: string): boolean =>
  existsSync(folder) && readdirSync(folder).some((name) => name.includes('-idx'));

/** @returns the images of a folder, or one sentence that begins with the file at fault. */
export function readImageSet(folder: string, part: ImagePart): ImageSetResult {
  const fail = (message: string): ImageSetResult => ({ ok: false, message });
  const paths = filesOf(folder, part);
  const missing = paths.find((path) => !existsSync(path) && !existsSync(`${path}.gz`));
  if (missing !== undefined)
    return fail(
      `${missing}: there is no such file, nor one ending in .gz; name a folder with files as MNIST's`,
    );
  const [imagesPath, labelsPath] = paths.map((path) => (existsSync(path) ? path : `${path}.gz`));
  const [images, labels] = [readIdx(imagesPath, [3, 4]), readIdx(labelsPath, [1])];
  if (!images.ok) return images;
  if (!labels.ok) return labels;
  const [count, height, width, channels = 1] = images.array.shape;
  const [labelCount] = labels.array.shape;
  if (labelCount !== count)
    return fail(`${labelsPath}: it has ${labelCount} labels for the ${count} images of ${imagesPath}`);
  const [pixels, classes] = [images.array.values, labels.array.values];
  return { ok: true, images: { height, width, channels, pixels, labels: classes } };
}

/** Writes what `readImageSet` reads. */
export function writeImageSet(folder: string, part: ImagePart, images: ImageSet): void {
  const { height, width, channels, pixels, labels } = images;
  const [imagesPath, labelsPath] = filesOf(folder, part);
  writeFileAtomically(
    imagesPath,
    makeIdx({ shape: [labels.length, height, width, channels], values: pixels }),
  );
  writeFileAtomically(labelsPath, makeIdx({ shape: [labels.length], values: labels }));
}

/** uint8 [H, W, C] of image `index`. */
export function pixelsOf({ height, width, channels, pixels }: ImageSet, index: number): Uint8Array {
  const size = height * width * channels;
  return pixels.subarray(index * size, (index + 1) * size);
}

/** How many classes there are: one more than the largest label. */
export function classCount({ labels }: ImageSet): number {
  return labels.reduce((largest, label) => Math.max(largest, label), 0) + 1;
}

/** How many images there are of each class. @param classes one more than the largest label, or more. */
export function classCounts({ labels }: ImageSet, classes: number): number[] {
  const counts = Array.from({ length: classes }, () => 0);
  for (const label of labels) counts[label]++;
  return counts;
}

/** What keeps a net from telling these images apart, or null. */
export function imagesMisfit(spec: ImageSpec, images: ImageSet): string | null {
  const { classes } = spec.heads;
  const label = images.labels.find((it) => it >= classes);
  return (
    imageMisfit(spec, images) ??
    (label === undefined
      ? null
      : `it knows ${classes} classes, and an image is of class ${label}; see --classes`)
  );
}

/** The images of these classes alone, whose places in the list become their labels. */
export function ofClasses(images: ImageSet, classes: readonly number[]): ImageSet {
  const kept = [...images.labels.keys()].filter((i) => classes.includes(images.labels[i]));
  return { ...select(images, kept), labels: Uint8Array.from(kept, (i) => classes.indexOf(images.labels[i])) };
}

/** The images at these indices, in that order. */
export function select(images: ImageSet, indices: readonly number[]): ImageSet {
  const { height, width, channels, labels } = images;
  const size = height * width * channels;
  const pixels = new Uint8Array(indices.length * size);
  indices.forEach((index, i) => pixels.set(pixelsOf(images, index), i * size));
  return { ...images, pixels, labels: Uint8Array.from(indices, (index) => labels[index]) };
}
