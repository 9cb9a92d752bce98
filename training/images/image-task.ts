/** Learning the classes of images. */
import { makeRng } from '#engine/go/random.ts';
import { namedImageSpec } from '#nets/architectures/named.ts';
import type { ImageSpec } from '#nets/spec.ts';
import type { ImageData, SupervisedConfig } from '../config.ts';
import { bagged } from '../bag.ts';
import { hashOf, sideOf } from '../holdout.ts';
import type { Side } from '../holdout.ts';
import { stepSeed } from '../sampler.ts';
import type { Task, TaskResult } from '../task.ts';
import { makeImageBatch } from './image-batch.ts';
import { imageLesson } from './image-lesson.ts';
import { classCount, ofClasses, pixelsOf, readImageSet, select } from './image-set.ts';
import type { ImageSet } from './image-set.ts';

export function openImageTask(config: SupervisedConfig, data: ImageData): TaskResult {
  const read = readImageSet(data.folder, 'train');
  if (!read.ok) return read;
  const images = data.classes === null ? read.images : ofClasses(read.images, data.classes);
  const { height, width, channels } = images;
  const classes = data.classes?.length ?? classCount(images);
  const named = namedImageSpec(config.net, { height, width, channels }, classes);
  if (!named.ok) return named;
  const task = imageTask(config, data, named.spec, images);
  return task.examples > 0
    ? { ok: true, task }
    : { ok: false, message: `${data.folder}: it has no image of these classes to learn from` };
}

export function imageTask(
  config: SupervisedConfig,
  { augment }: ImageData,
  spec: ImageSpec,
  images: ImageSet,
): Task {
  const { batch, seed, learner } = config;
  const { image: input, heads } = spec;
  const sides = Array.from(images.labels, (_, i) => sideOf(hashOf(pixelsOf(images, i)), config));
  const of = (side: Side): number[] => [...sides.keys()].filter((i) => sides[i] === side);
  const train = select(images, bagged(of('train'), config.bag));
  const heldOut = select(images, of('heldOut'));
  return {
    spec,
    examples: train.labels.length,
    lesson: (step) => {
      const rng = makeRng(stepSeed(seed, step));
      const drawn = Array.from({ length: batch }, () => rng.nextInt(train.labels.length));
      const made = makeImageBatch(train, drawn, input, heads.classes, { augment, rng });
      return imageLesson(made, learner.labelSmoothing);
    },
    heldOut: heldOut.labels.length,
    heldOutLesson: (at) => imageLesson(makeImageBatch(heldOut, at, input, heads.classes), 0),
  };
}
