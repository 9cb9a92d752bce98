/** The norm of all gradients together, and what holds it below a limit. */
import * as tf from '@tensorflow/tfjs-core';
import { defineComposition } from './composition.ts';
import { listOf, runOnLists } from './lists.ts';

/** Inputs g0..; attribute limit; outputs the norm, a scalar, and, unless limit is null, the clipped gradients. */
export const CLIP = 'TengenClip';

export type Clip = { readonly count: number; readonly limit: number | null };

defineComposition(CLIP, (inputs, attributes) => {
  const { count, limit } = attributes as Clip;
  const gradients = listOf(inputs, 'g', count);
  // Not addN, which WebGPU refuses for as many.
  const squares = gradients.map((gradient) => tf.sum(tf.square(gradient)));
  const norm = tf.sqrt(squares.reduce((sum, square) => tf.add(sum, square)));
  if (limit === null) return [norm];
  const scale = tf.minimum(tf.div(limit, norm), 1);
  return [norm, ...gradients.map((gradient) => tf.mul(gradient, scale))];
});

/**
 * Clipping by the global norm n = sqrt(sum g^2) over all gradients: g <- g min(1, limit / n) (Pascanu et al. 2013,
 * Algorithm 1). @param limit null leaves the gradients as they are.
 * @returns the norm before clipping, a scalar, and the gradients; the caller disposes.
 */
export function clipByNorm(
  gradients: readonly tf.Tensor[],
  limit: number | null,
): { norm: tf.Scalar; gradients: readonly tf.Tensor[] } {
  const [norm, ...clipped] = runOnLists(CLIP, { g: gradients }, { limit });
  return { norm: norm as tf.Scalar, gradients: limit === null ? gradients : clipped };
}
