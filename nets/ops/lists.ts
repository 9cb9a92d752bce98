/** Kernels that work on all weights of a net at once: lists of tensors as inputs of one name and a number each. */
import * as tf from '@tensorflow/tfjs-core';
import { runKernel } from './composition.ts';

/** Runs a kernel on lists of equal length, whose entries become the inputs w0, w1, ... of a list w. */
export function runOnLists(
  name: string,
  lists: Readonly<Record<string, readonly tf.Tensor[]>>,
  attributes: object,
): tf.Tensor[] {
  const inputs: tf.NamedTensorMap = {};
  let count = 0;
  for (const [letter, list] of Object.entries(lists)) {
    count = list.length;
    list.forEach((tensor, i) => (inputs[`${letter}${i}`] = tensor));
  }
  return runKernel(name, inputs, { ...attributes, count });
}

/** The list `letter` among a kernel's inputs. */
export function listOf<T>(inputs: Readonly<Record<string, T>>, letter: string, count: number): T[] {
  return Array.from({ length: count }, (_, i) => inputs[`${letter}${i}`]);
}

/** The weights and velocities after a step; the caller disposes. */
export type Moved = { readonly weights: tf.Tensor[]; readonly velocities: tf.Tensor[] };

/** Runs the kernel of a step that remembers a velocity of each weight: it takes lists w, g (gradients) and v, and gives the new w and then the new v. */
export function runVelocityStep(
  name: string,
  weights: readonly tf.Tensor[],
  gradients: readonly tf.Tensor[],
  velocities: readonly tf.Tensor[],
  attributes: object,
): Moved {
  const outputs = runOnLists(name, { w: weights, g: gradients, v: velocities }, attributes);
  return { weights: outputs.slice(0, weights.length), velocities: outputs.slice(weights.length) };
}
