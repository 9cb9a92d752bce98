/** What a net learns from at a step: examples as tensors, and what a model makes of them. */
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Applied } from '#nets/layers/chance.ts';

/** Means over the examples, by name; `total` is what is minimised. */
export type Terms = Readonly<Record<string, tf.Scalar>> & { readonly total: tf.Scalar };

/** How a model is applied that trains, with what it draws by this seed, or with nothing dropped. */
export const trainingBy = (seed: number | null): Applied =>
  seed === null ? { training: true, dropout: false } : { training: true, seed };

export interface Lesson {
  /** Examples in it. */
  readonly size: number;
  /** The losses of a model that trains, within `tf.tidy`. @param seed of what its layers draw; null where they drop nothing. */
  losses(model: LayersModel, seed: number | null): Terms;
  /** The losses of the model as it plays, without auxiliary heads, and `accuracy`, the share of examples whose answer it finds likeliest; within `tf.tidy`. */
  measures(model: LayersModel): Readonly<Record<string, tf.Scalar>> & { readonly accuracy: tf.Scalar };
  /** By name, how many answers a loss is the mean of where that may be fewer than the examples; within `tf.tidy`. */
  known(): Readonly<Record<string, tf.Scalar>>;
  /** Of the losses that are measured in their total. */
  readonly weights: Readonly<Record<string, number>>;
  /** What models are given, NHWC, by the names of `toOnnx`. */
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  /** Whether every board fills them, as images do. */
  readonly fullBoards: boolean;
  /** [B, A]: 1 where the answer is. */
  readonly answers: tf.Tensor2D;
  /** Logits of the answers [B, A] of the model, as it plays unless `applied` says otherwise; within `tf.tidy`. */
  logits(model: LayersModel, applied?: Applied): tf.Tensor2D;
  dispose(): void;
}
