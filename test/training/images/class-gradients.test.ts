/** The gradient of what is learned from labelled images, with auxiliary heads, against central differences. */
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model as makeModel } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { imageLesson } from '#training/images/image-lesson.ts';
import { expectGradients } from '../../nets/central-differences.ts';
import type { Case } from '../../nets/central-differences.ts';
import { byLearned } from '../../nets/layer-cases.ts';

const [CLASSES, IMAGE] = [3, [2, 3, 1]];

/** What it makes of an image are the logits of a head and of each auxiliary one. */
function classifier(heads: number): LayersModel {
  const image = input({ shape: IMAGE });
  const flat = layers.flatten().apply(image);
  const logits = Array.from({ length: heads }, () => layers.dense({ units: CLASSES }).apply(flat));
  return makeModel({ inputs: image, outputs: logits as ReturnType<typeof input>[] });
}

const learned = (heads: number, smoothing: number): Case => {
  const model = classifier(heads);
  const weights = model.layers.flatMap((layer) => layer.trainableWeights);
  const classes = tf.tensor2d([0, 1, 0, 1, 0, 0], [2, CLASSES]);
  return byLearned([2, ...IMAGE], weights, (pixels) => {
    const lesson = imageLesson({ pixels: pixels as tf.Tensor4D, classes }, smoothing);
    return lesson.losses(model, 1).total;
  });
};

const CASES: Readonly<Record<string, () => Case>> = {
  'the cross-entropy of classes': () => learned(1, 0),
  'the cross-entropy of smoothed classes with auxiliary heads': () => learned(3, 0.1),
};

await expectGradients(CASES);
