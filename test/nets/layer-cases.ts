/** Layers as cases of central differences. */
import * as tf from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import type { Case } from './central-differences.ts';

/** A layer as a function of its first inputs. @param others its inputs after them. @param step how it is applied. */
export const on =
  (layer: layers.Layer, others: () => tf.Tensor[] = () => [], step = {}) =>
  (...inputs: tf.Tensor[]): tf.Tensor => {
    const all = [...inputs, ...others()];
    return layer.apply(all.length === 1 ? all[0] : all, step) as tf.Tensor;
  };

/** f by x, of `shape`, and by weights that it reads. */
export const byLearned = (
  shape: number[],
  weights: layers.Layer['trainableWeights'],
  f: (x: tf.Tensor) => tf.Tensor,
): Case => ({
  inputs: [shape, ...weights.map((weight) => weight.shape as number[])],
  f: (x, ...values) => {
    weights.forEach((weight, i) => (weight.read = () => values[i] as tf.Variable));
    return f(x);
  },
});

/** A layer by its first input, of `shape`, and by each of its weights that are learned. */
export function byWeights(
  layer: layers.Layer,
  shape: number[],
  ...rest: [(() => tf.Tensor[])?, object?]
): Case {
  const applied = on(layer, ...rest);
  tf.tidy(() => applied(tf.zeros(shape)));
  return byLearned(shape, layer.trainableWeights, applied);
}
