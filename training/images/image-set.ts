/**
 * Labelled images in files named as MNIST's: `train-images-idx3-ubyte` and so on, gzipped (with .gz) or not, and beside them, where
 * images belong together, `train-groups-idx2-ubyte`.
 */
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
  /** uint8 [N, 4]: a hash, the same for images that are held out together, such as boards of one game; undefined where each is alone. */
  readonly groups?: Uint8Array;
};

/** Of the hash of a group. */
export const GROUP_BYTES = 4;

export type ImageSetResult =
  { readonly ok: true; readonly images: ImageSet } | { readonly ok: false; readonly message: string };

const PREFIX = { train: 'train', test: 't10k' } as const;
export type ImagePart = keyof typeof PREFIX;

/** The files of a part, without the .gz that they may end in. */
function filesOf(folder: string, part: ImagePart): [images: string, labels: string, groups: string] {
  const stem = join(folder, PREFIX[part]);
  return [`${stem}-images-idx3-ubyte`, `${stem}-labels-idx1-ubyte`, `${stem}-groups-idx2-ubyte`];
}

const isThere = (path: string): boolean => existsSync(path) || existsSync(`${path}.gz`);

/** Whether a folder has files of images or labels already. */
export const holdsImages = (folder: string): boolean =>
  existsSync(folder) && readdirSync(folder).some((name) => name.includes('-idx'));

/** @returns the images of a folder, or one sentence that begins with the file at fault. */
export function readImageSet(folder: string, part: ImagePart): ImageSetResult {
  const fail = (message: string): ImageSetResult => ({ ok: false, message });
  const paths = filesOf(folder, part);
  const missing = paths.slice(0, 2).find((path) => !isThere(path));
  if (missing !== undefined)
    return fail(
      `${missing}: there is no such file, nor one ending in .gz; name a folder with files as MNIST's`,
    );
  const [imagesPath, labelsPath, groupsPath] = paths.map((path) => (existsSync(path) ? path : `${path}.gz`));
  const [images, labels] = [readIdx(imagesPath, [3, 4]), readIdx(labelsPath, [1])];
  if (!images.ok) return images;
  if (!labels.ok) return labels;
  const [count, height, width, channels = 1] = images.array.shape;
  const [labelCount] = labels.array.shape;
  if (labelCount !== count)
    return fail(`${labelsPath}: it has ${labelCount} labels for the ${count} images of ${imagesPath}`);
  const set = { height, width, channels, pixels: images.array.values, labels: labels.array.values };
  if (!isThere(paths[2])) return { ok: true, images: set };
  const groups = readIdx(groupsPath, [2]);
  if (!groups.ok) return groups;
  const { shape, values } = groups.array;
  return shape[0] === count && shape[1] === GROUP_BYTES
    ? { ok: true, images: { ...set, groups: values } }
    : fail(
        `${groupsPath}: its sizes are ${shape.join(' x ')}, and ${imagesPath} asks for ${count} x ${GROUP_BYTES}`,
      );
}

/** Writes what `readImageSet` reads. */
export function writeImageSet(folder: string, part: ImagePart, images: ImageSet): void {
  const { height, width, channels, pixels, labels, groups } = images;
  const [imagesPath, labelsPath, groupsPath] = filesOf(folder, part);
  writeFileAtomically(
    imagesPath,
    makeIdx({ shape: [labels.length, height, width, channels], values: pixels }),
  );
  writeFileAtomically(labelsPath, makeIdx({ shape: [labels.length], values: labels }));
  if (groups !== undefined)
    writeFileAtomically(groupsPath, makeIdx({ shape: [labels.length, GROUP_BYTES], values: groups }));
}

/** Bytes the same for images that are held out together: of the group of image `index`, or else its pixels. */
export function groupOf(images: ImageSet, index: number): Uint8Array {
  const { groups } = images;
  return groups === undefined
    ? pixelsOf(images, index)
    : groups.subarray(index * GROUP_BYTES, (index + 1) * GROUP_BYTES);
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

/** What keeps a net from telling these images apart, or null. @param choosing what says which classes to tell apart. */
export function imagesMisfit(spec: ImageSpec, images: ImageSet, choosing: string): string | null {
  const { classes } = spec.heads;
  const label = images.labels.find((it) => it >= classes);
  return (
    imageMisfit(spec, images) ??
    (label === undefined
      ? null
      : `it knows ${classes} classes, and an image is of class ${label}; see ${choosing}`)
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
  const groups = images.groups && new Uint8Array(indices.length * GROUP_BYTES);
  indices.forEach((index, i) => groups?.set(groupOf(images, index), i * GROUP_BYTES));
  return { ...images, pixels, labels: Uint8Array.from(indices, (index) => labels[index]), groups };
}
