/** Folders of images that nets are shown, and nets that take them. */
import type { NetFile } from '#nets/file.ts';
import { isImageSpec } from '#nets/spec.ts';
import type { ImageSpec } from '#nets/spec.ts';
import { imagesMisfit, ofClasses, readImageSet } from '#training/images/image-set.ts';
import type { ImagePart, ImageSet } from '#training/images/image-set.ts';
import { CliError, EXIT } from '../common.ts';
import { loadAny } from './common.ts';

const badInput = (message: string): CliError => new CliError(EXIT.badInput, message);

/** What nets are shown: images of a folder, and of these the classes that the nets tell apart. */
type Shown = {
  readonly part: ImagePart;
  /** Labels in the order of the nets' outputs; where it is not given, those that the nets say they know, or else all. */
  readonly classes?: readonly number[];
};

/** @throws CliError where there are no such images, or a net is none for them. */
export function loadForImages(
  paths: readonly string[],
  folder: string,
  { part, classes }: Shown,
): { images: ImageSet; nets: NetFile<ImageSpec>[] } {
  const nets = paths.map(loadImageNet);
  nets.forEach((net, i) => refuseOtherClasses(paths[i], net, classes));
  const [known] = nets.map(({ provenance }) => provenance.classes);
  const stranger = nets.findIndex(({ provenance }) => provenance.classes !== known);
  if (stranger > 0)
    throw badInput(
      `${paths[stranger]}: it tells ${classesText(nets[stranger])} apart, and ${paths[0]} ${classesText(nets[0])}; name nets for the same classes`,
    );
  const told = known === undefined ? undefined : String(known).split(',').map(Number);
  const images = imagesIn(folder, part, classes ?? told);
  nets.forEach(({ spec }, i) => {
    const misfit = imagesMisfit(spec, images, '--classes');
    if (misfit !== null) throw badInput(`${paths[i]}: ${misfit}`);
  });
  return { images, nets };
}

const classesText = ({ provenance, spec }: NetFile<ImageSpec>): string =>
  provenance.classes === undefined
    ? `all ${spec.heads.classes} classes`
    : `the classes ${provenance.classes}`;

/** @throws CliError where the net's outputs stand for other labels than these. */
function refuseOtherClasses(
  path: string,
  net: NetFile<ImageSpec>,
  classes: readonly number[] | undefined,
): void {
  if (classes === undefined) return;
  const { provenance, spec } = net;
  const known = provenance.classes;
  if (known === undefined ? classes.length === spec.heads.classes : known === classes.join()) return;
  throw badInput(`${path}: it tells ${classesText(net)} apart, in this order; leave out --classes`);
}

function loadImageNet(path: string): NetFile<ImageSpec> {
  const net = loadAny(path);
  const { spec } = net;
  if (!isImageSpec(spec)) throw badInput(`${path}: this is a net for Go, which tells no images apart`);
  return { ...net, spec };
}

/** @throws CliError where there are no such images. */
function imagesIn(folder: string, part: ImagePart, classes: readonly number[] | undefined): ImageSet {
  const read = readImageSet(folder, part);
  if (!read.ok) throw badInput(read.message);
  const images = classes === undefined ? read.images : ofClasses(read.images, classes);
  if (images.labels.length === 0)
    throw badInput(`${folder}: it has no ${part === 'test' ? 'test' : 'training'} image of these classes`);
  return images;
}
