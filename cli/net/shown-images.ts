/** Folders of images that nets are shown, and nets that take them. */
import type { NetFile } from '#nets/file.ts';
import { isImageSpec } from '#nets/spec.ts';
import type { ImageSpec } from '#nets/spec.ts';
import { imagesMisfit, ofClasses, readImageSet } from '#training/images/image-set.ts';
import type { ImagePart, ImageSet } from '#training/images/image-set.ts';
import { CliError, EXIT } from '../common.ts';
import { loadAny } from './common.ts';

const badInput = (message: string): CliError => new CliError(EXIT.badInput, message);

/** @param classes labels in the order of the net's outputs, or all. @throws CliError where there are no such images. */
export function imagesIn(folder: string, part: ImagePart, classes: readonly number[] | undefined): ImageSet {
  const read = readImageSet(folder, part);
  if (!read.ok) throw badInput(read.message);
  const images = classes === undefined ? read.images : ofClasses(read.images, classes);
  if (images.labels.length === 0)
    throw badInput(`${folder}: it has no ${part === 'test' ? 'test' : 'training'} image of these classes`);
  return images;
}

/** @throws CliError where the net is none for these images. */
export function loadForImages(path: string, images: ImageSet): NetFile<ImageSpec> {
  const net = loadAny(path);
  const { spec } = net;
  if (!isImageSpec(spec)) throw badInput(`${path}: this is a net for Go, which tells no images apart`);
  const misfit = imagesMisfit(spec, images);
  if (misfit !== null) throw badInput(`${path}: ${misfit}`);
  return { ...net, spec };
}
