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
