/** Labelled images as an exam, which asks for their classes. */
import type { ImageSpec } from '#nets/spec.ts';
import { crossEntropy } from '#nets/ops/losses.ts';
import { makeImageBatch } from '../images/image-batch.ts';
import { classLogits } from '../images/image-lesson.ts';
import type { ImageSet } from '../images/image-set.ts';
import { evenly, pieces } from '../spread.ts';
import { Exam } from './exam.ts';

/** Images in a batch; any number gives the same means. */
const AT_ONCE = 256;

/** @param examples how many images at most, evenly spread over all. */
export function imageExam({ image, heads }: ImageSpec, images: ImageSet, examples: number): Exam {
  const chosen = pieces(evenly(images.labels.length, examples), AT_ONCE);
  return new Exam(
    chosen.map((indices) => {
      const { pixels, classes } = makeImageBatch(images, indices, image, heads.classes);
      return {
        tensors: [pixels, classes],
        counts: { classes: indices.length },
        losses: (model) => ({ classes: crossEntropy(classLogits(model, pixels, {})[0], classes) }),
      };
    }),
  );
}
