/** How well nets tell images apart. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ImageSpec } from '#nets/spec.ts';
import { wilson95 } from '#selfplay/statistics.ts';
import type { Interval } from '#selfplay/statistics.ts';
import { Forecasts } from '../forecasts.ts';
import type { ForecastQuality } from '../forecasts.ts';
import { stepSeed } from '../sampler.ts';
import { disposeImages, makeImageBatch } from './image-batch.ts';
import { classLogits } from './image-lesson.ts';
import { classCounts } from './image-set.ts';
import type { ImageSet } from './image-set.ts';
import { seenIn } from './views.ts';
import type { View } from './views.ts';

export type ImageAccuracy = ForecastQuality & {
  readonly images: number;
  readonly errors: number;
  /** Share of errors, and where it lies with 95% confidence. */
  readonly error: number;
  readonly error95: Interval;
  /** Share of errors of always answering the commonest class of these images. */
  readonly majorityError: number;
};

/** Logits [B, K] of images [B, H, W, C], the `index`-th such batch; within `tf.tidy`. */
type Classifier = (pixels: tf.Tensor4D, index: number) => tf.Tensor2D;

/** A net, and one or more ways to ask it. */
export type AskedNet = { readonly spec: ImageSpec; readonly ways: readonly Classifier[] };

/** Images in a batch; any number gives the same, but for the units that `withDropout` draws for each. */
const AT_ONCE = 250;

/** A net as it plays. */
export const asItPlays = (model: LayersModel): Classifier[] => [
  (pixels) => classLogits(model, pixels, {})[0],
];

/** A net that sees each image in several ways. */
export const inViews = (model: LayersModel, views: readonly View[]): Classifier[] =>
  views.map(
    (view): Classifier =>
      (pixels) =>
        classLogits(model, seenIn(view, pixels), {})[0],
  );

/** A net from which dropout takes other units at each of `samples` times: their mean is an approximate Bayesian forecast (Gal and Ghahramani 2016). */
export function withDropout(model: LayersModel, samples: number): Classifier[] {
  return Array.from(
    { length: samples },
    (_, sample): Classifier =>
      (pixels, index) =>
        classLogits(model, pixels, { dropout: true, seed: stepSeed(sample, index) })[0],
  );
}

/** @param nets one, or several of as many classes whose mean is measured, as is that of ways to ask one. */
export async function evaluateOnImages(
  nets: readonly AskedNet[],
  images: ImageSet,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<ImageAccuracy> {
  const total = images.labels.length;
  const { classes } = nets[0].spec.heads;
  const forecasts = new Forecasts();
  for (let from = 0; from < total; from += AT_ONCE) {
    const indices = Array.from({ length: Math.min(AT_ONCE, total - from) }, (_, i) => from + i);
    const opinions: Float32Array[] = [];
    for (const { spec, ways } of nets) {
      const batch = makeImageBatch(images, indices, spec.image, classes);
      for (const way of ways) {
        const probabilities = tf.tidy(() => tf.softmax(way(batch.pixels, from / AT_ONCE)));
        opinions.push((await probabilities.data()) as Float32Array);
        probabilities.dispose();
      }
      disposeImages(batch);
    }
    for (const [i, index] of indices.entries())
      forecasts.add(
        opinions.map((all) => all.subarray(i * classes, (i + 1) * classes)),
        images.labels[index],
      );
    onProgress(from + indices.length, total);
  }
  const { quality } = forecasts;
  const errors = Math.round((1 - quality.accuracy) * total);
  return {
    images: total,
    errors,
    error: errors / total,
    error95: wilson95(errors, total),
    majorityError: 1 - Math.max(...classCounts(images, classes)) / total,
    ...quality,
  };
}
