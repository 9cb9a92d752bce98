/** Between net files and tfjs models. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { NetFile, Provenance, WeightArray } from './file.ts';
import { buildModel } from './model.ts';
import type { NetSpec } from './spec.ts';

/** Copies a model's weights out, by name. */
export async function weightsOf(model: LayersModel): Promise<Map<string, WeightArray>> {
  const weights = new Map<string, WeightArray>();
  for (const variable of model.weights) {
    const value = variable.read();
    weights.set(variable.originalName, { shape: value.shape, values: Float32Array.from(await value.data()) });
  }
  return weights;
}

export async function netFromModel(
  model: LayersModel,
  spec: NetSpec,
  provenance: Provenance,
): Promise<NetFile> {
  return { spec, weights: await weightsOf(model), provenance };
}

/** Writes weights into a model; returns a sentence naming the first that is missing, superfluous or misshapen, or null. */
export function setWeights(model: LayersModel, weights: ReadonlyMap<string, WeightArray>): string | null {
  for (const variable of model.weights) {
    const name = variable.originalName;
    const weight = weights.get(name);
    if (weight === undefined) return `weight ${name} is missing`;
    const expected = variable.shape.join();
    if (weight.shape.join() !== expected)
      return `weight ${name} has shape [${weight.shape.join()}], not [${expected}]`;
  }
  if (weights.size !== model.weights.length)
    return `it has ${weights.size} weights, not ${model.weights.length}`;
  for (const variable of model.weights) {
    const { shape, values } = weights.get(variable.originalName) as WeightArray;
    const tensor = tf.tensor(values, [...shape], 'float32');
    variable.write(tensor);
    tensor.dispose();
  }
  return null;
}

export type ModelResult = { ok: true; model: LayersModel } | { ok: false; message: string };

/** The model of a net file; the caller disposes it. */
export function modelFromNet(net: NetFile): ModelResult {
  const model = buildModel(net.spec, 0);
  const problem = setWeights(model, net.weights);
  if (problem === null) return { ok: true, model };
  model.dispose();
  return { ok: false, message: problem };
}
