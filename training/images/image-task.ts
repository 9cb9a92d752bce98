/** Learning the classes of images. */
import { makeRng } from '#engine/go/random.ts';
import { namedImageSpec } from '#nets/architectures/named.ts';
import type { ImageSpec } from '#nets/spec.ts';
import type { ImageData, SupervisedConfig } from '../config.ts';
import { hashOf, isHeldOut } from '../holdout.ts';
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
  if (images.labels.length === 0)
    return { ok: false, message: `${data.folder}: it has no image of these classes` };
  return { ok: true, task: imageTask(config, data, named.spec, images) };
}

export function imageTask(
  { batch, seed, learner, holdOut }: SupervisedConfig,
  { augment }: ImageData,
  spec: ImageSpec,
  images: ImageSet,
): Task {
  const { image: input, heads } = spec;
  const isMeasured = Array.from(images.labels, (_, i) => isHeldOut(hashOf(pixelsOf(images, i)), holdOut));
  const indices = [...isMeasured.keys()];
  const train = select(
    images,
    indices.filter((i) => !isMeasured[i]),
  );
  const heldOut = select(
    images,
    indices.filter((i) => isMeasured[i]),
  );
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
