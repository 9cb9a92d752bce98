/** Labelled images as a lesson. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Applied } from '#nets/layers/chance.ts';
import { AUXILIARY_SHARE } from '#nets/loss.ts';
import { crossEntropy } from '#nets/ops/losses.ts';
import { hitShare, smoothed } from '../answers.ts';
import { trainingBy } from '../lesson.ts';
import type { Lesson, Terms } from '../lesson.ts';
import { disposeImages } from './image-batch.ts';
import type { ImageBatch } from './image-batch.ts';

/** Logits [B, K] of the classes, and of each auxiliary head after them. */
export function classLogits(model: LayersModel, pixels: tf.Tensor4D, applied: Applied): tf.Tensor2D[] {
  const outputs = model.apply(pixels, applied) as tf.Tensor2D | tf.Tensor2D[];
  return Array.isArray(outputs) ? outputs : [outputs];
}

/** Cross-entropy of the classes, that of auxiliary heads, summed, where there are any, and all of it with weights. */
function classLosses([logits, ...auxiliary]: readonly tf.Tensor2D[], target: tf.Tensor2D): Terms {
  const classes = crossEntropy(logits, target);
  if (auxiliary.length === 0) return { classes, total: classes };
  const sum = tf.addN(auxiliary.map((of) => crossEntropy(of, target))) as tf.Scalar;
  return { classes, auxiliary: sum, total: tf.add(classes, tf.mul(sum, AUXILIARY_SHARE)) };
}

/** @param batch disposed with the lesson. @param labelSmoothing while training. */
export function imageLesson(batch: ImageBatch, labelSmoothing: number): Lesson {
  const { pixels, classes } = batch;
  return {
    size: classes.shape[0],
    losses: (model, seed) => {
      const target = smoothed(classes, tf.onesLike(classes), labelSmoothing);
      return classLosses(classLogits(model, pixels, trainingBy(seed)), target);
    },
    measures: (model) => {
      const [logits] = classLogits(model, pixels, {});
      return { classes: crossEntropy(logits, classes), accuracy: hitShare(logits, classes) };
    },
    known: () => ({}),
    weights: { classes: 1 },
    inputs: { image: pixels },
    fullBoards: true,
    answers: classes,
    logits: (model, applied) => classLogits(model, pixels, applied ?? {})[0],
    dispose: () => disposeImages(batch),
  };
}
