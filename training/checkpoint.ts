/** The checkpoint of a run: weights and momentum as a net file, so that training goes on as if it had not stopped. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { setWeights, weightsOf } from '#nets/convert.ts';
import { loadNet, saveNet } from '#nets/file.ts';
import { resnetSpec } from '#nets/spec.ts';
import type { SupervisedConfig } from './config.ts';
import type { RunFolder } from './run-folder.ts';

/** Before the name of each weight's velocity. */
const SLOT = 'momentum/';

/** @param step steps done so far. */
export async function saveCheckpoint(
  folder: RunFolder,
  config: SupervisedConfig,
  model: LayersModel,
  optimizer: tf.MomentumOptimizer,
  step: number,
): Promise<void> {
  const weights = weightsOf(model);
  // The first of the optimizer's weights counts its iterations.
  for (const { name, tensor } of (await optimizer.getWeights()).slice(1))
    weights.set(SLOT + name, { shape: tensor.shape, values: Float32Array.from(tensor.dataSync()) });
  saveNet(folder.file('checkpoint.safetensors'), {
    spec: resnetSpec(config.blocks, config.channels),
    weights,
    provenance: { step },
  });
}

/** Restores model and optimizer; returns the step to go on with, or a sentence. */
export async function restoreCheckpoint(
  folder: RunFolder,
  model: LayersModel,
  optimizer: tf.MomentumOptimizer,
): Promise<number | string> {
  const path = folder.file('checkpoint.safetensors');
  const loaded = loadNet(path);
  if (!loaded.ok) return loaded.message;
  const weights = new Map([...loaded.net.weights].filter(([name]) => !name.startsWith(SLOT)));
  const problem = setWeights(model, weights);
  if (problem !== null) return `${path}: ${problem}`;
  const slots = [...loaded.net.weights].filter(([name]) => name.startsWith(SLOT));
  const { step } = loaded.net.provenance;
  if (typeof step !== 'number') return `${path}: it does not say at which step it was made`;
  const state = [
    { name: 'iterations', tensor: tf.scalar(step, 'int32') },
    ...slots.map(([name, { shape, values }]) => ({
      name: name.slice(SLOT.length),
      tensor: tf.tensor(values, [...shape], 'float32'),
    })),
  ];
  await optimizer.setWeights(state);
  tf.dispose(state.map(({ tensor }) => tensor));
  return step;
}
