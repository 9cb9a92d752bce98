/** Between net files and tfjs models. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { AnyNetFile, NetFile, Provenance, WeightArray } from './file.ts';
import { buildModel } from './model.ts';
import type { AnySpec } from './spec.ts';
import { weightsProblem } from './weight-shapes.ts';

/** Copies tensors out. */
export async function arraysOf(tensors: ReadonlyMap<string, tf.Tensor>): Promise<Map<string, WeightArray>> {
  const arrays = new Map<string, WeightArray>();
  for (const [name, tensor] of tensors)
    arrays.set(name, { shape: tensor.shape, values: Float32Array.from(await tensor.data()) });
  return arrays;
}

/** A model's weights by name; the model keeps them. */
export function weightTensors(model: LayersModel): Map<string, tf.Tensor> {
  return new Map(model.weights.map((variable) => [variable.originalName, variable.read()]));
}

/** Copies a model's weights out, by name. */
export function weightsOf(model: LayersModel): Promise<Map<string, WeightArray>> {
  return arraysOf(weightTensors(model));
}

export async function netFromModel<Spec extends AnySpec>(
  model: LayersModel,
  spec: Spec,
  provenance: Provenance,
): Promise<NetFile<Spec>> {
  return { spec, weights: await weightsOf(model), provenance };
}

/** Writes those of a model's weights that there are arrays for, of the right shapes. */
export function writeWeights(model: LayersModel, arrays: ReadonlyMap<string, WeightArray>): void {
  for (const variable of model.weights) {
    const array = arrays.get(variable.originalName);
    if (array === undefined) continue;
    const tensor = tf.tensor(array.values, [...array.shape], 'float32');
    variable.write(tensor);
    tensor.dispose();
  }
}

export type ModelResult = { ok: true; model: LayersModel } | { ok: false; message: string };

/** The model of a net file; the caller disposes it. */
export function modelFromNet(net: AnyNetFile): ModelResult {
  // Before the model, which takes seconds to build for a large net.
  const problem = weightsProblem(net.spec, net.weights);
  if (problem !== null) return { ok: false, message: problem };
  const model = buildModel(net.spec, 0);
  writeWeights(model, net.weights);
  return { ok: true, model };
}
