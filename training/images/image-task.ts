/** Learning the classes of images. */
import { makeRng } from '#engine/go/random.ts';
import { ImageSpec, MAX_IMAGE_CHANNELS, MAX_IMAGE_SIDE } from '#nets/spec.ts';
import type { ImageData, SupervisedConfig } from '../config.ts';
import { bagged } from '../bag.ts';
import type { DataReader } from '../data-reader.ts';
import { hashOf, sideOf } from '../holdout.ts';
import type { Side } from '../holdout.ts';
import { stepSeed } from '../sampler.ts';
import { imageSpec } from '../spec-of-config.ts';
import { ofConfig } from '../task.ts';
import type { Examples, ExamplesResult, Task, TaskResult } from '../task.ts';
import { makeImageBatch } from './image-batch.ts';
import { imageLesson } from './image-lesson.ts';
import { classCount, groupOf, imagesMisfit, ofClasses, select } from './image-set.ts';
import type { ImagePart, ImageSet, ImageSetResult } from './image-set.ts';

export function openImageTask(config: SupervisedConfig, data: ImageData, reader: DataReader): TaskResult {
  const read = readImages(data, 'train', reader);
  if (!read.ok) return read;
  const { images } = read;
  const { height, width, channels } = images;
  if (!ImageSpec.shape.image.safeParse({ height, width, channels }).success)
    return {
      ok: false,
      message: `${data.folder}: its images are ${height} x ${width} x ${channels}, and nets take ${MAX_IMAGE_SIDE} x ${MAX_IMAGE_SIDE} x ${MAX_IMAGE_CHANNELS} at most`,
    };
  const classes = data.classes?.length ?? classCount(images);
  if (classes < 2)
    return {
      ok: false,
      message: `${data.folder}: all its images are of class 0, and nets tell two or more apart`,
    };
  const missing = (data.classes ?? []).filter((_, i) => !images.labels.includes(i));
  if (missing.length > 0)
    return { ok: false, message: `${data.folder}: it has no image of class ${missing.join(' or ')}` };
  if (data.augment.quarterTurns > 0 && height !== width)
    return ofConfig(
      `field data.augment.quarterTurns: the images of ${data.folder} are ${height} x ${width}, and only squares are turned by quarters; leave it out`,
    );
  const named = imageSpec(config, { height, width, channels }, classes);
  if (!named.ok) return ofConfig(named.message);
  const task = imageTask(config, data, named.spec, images);
  return task.examples.count > 0
    ? { ok: true, task }
    : { ok: false, message: `${data.folder}: there is no image to learn from` };
}

export function imageTask(
  config: SupervisedConfig,
  { augment }: ImageData,
  spec: ImageSpec,
  images: ImageSet,
): Task {
  const { batch, seed, learner } = config;
  const { image: input, heads } = spec;
  const shares = { test: 0, validation: config.holdOut, train: config.trainShare };
  const sides = Array.from(images.labels, (_, i) => sideOf(hashOf(groupOf(images, i)), shares));
  const of = (side: Side): number[] => [...sides.keys()].filter((i) => sides[i] === side);
  const train = select(images, bagged(of('train'), config.bag));
  const validation = select(images, of('validation'));
  return {
    spec,
    lessons: async () => (step) => {
      const rng = makeRng(stepSeed(seed, step));
      const drawn = Array.from({ length: batch }, () => rng.nextInt(train.labels.length));
      const made = makeImageBatch(train, drawn, input, heads.classes, { augment, rng });
      return imageLesson(made, learner.labelSmoothing);
    },
    examples: imageExamples(spec, train),
    validation: imageExamples(spec, validation),
    test: null,
  };
}

function imageExamples({ image, heads }: ImageSpec, images: ImageSet): Examples {
  return {
    count: images.labels.length,
    lesson: (indices) => imageLesson(makeImageBatch(images, indices, image, heads.classes), 0),
  };
}

/** Those of the classes that are told apart. */
function readImages({ folder, classes }: ImageData, part: ImagePart, reader: DataReader): ImageSetResult {
  const read = reader.images(folder, part);
  return read.ok && classes !== null ? { ok: true, images: ofClasses(read.images, classes) } : read;
}

/** The images of the test files, which no net learns from. */
export function testImages(spec: ImageSpec, data: ImageData, reader: DataReader): ExamplesResult {
  const read = readImages(data, 'test', reader);
  if (!read.ok) return read;
  const misfit = imagesMisfit(spec, read.images, 'data.classes');
  return misfit === null
    ? { ok: true, examples: imageExamples(spec, read.images) }
    : { ok: false, message: `${data.folder}: its test images do not go with the net: ${misfit}` };
}
