/** The checkpoint of a run: weights and momentum as a net file, so that training goes on as if it had not stopped. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { setWeights, weightsOf } from '#nets/convert.ts';
import { loadNet, saveNet } from '#nets/file.ts';
import type { Momentum } from '#nets/optimizers/momentum.ts';
import { netSpec } from './config.ts';
import type { SupervisedConfig } from './config.ts';
import type { RunFolder } from './run-folder.ts';

/** Before the name of each weight's velocity. */
const SLOT = 'momentum/';

/** @param step steps done so far. */
export async function saveCheckpoint(
  folder: RunFolder,
  config: SupervisedConfig,
  model: LayersModel,
  optimizer: Momentum,
  step: number,
): Promise<void> {
  const weights = await weightsOf(model);
  for (const [name, velocity] of await optimizer.state()) weights.set(SLOT + name, velocity);
  saveNet(folder.file('checkpoint.safetensors'), {
    spec: netSpec(config),
    weights,
    provenance: { step },
  });
}

/** Restores model and optimizer; returns the step to go on with, or a sentence with what to do. */
export function restoreCheckpoint(
  folder: RunFolder,
  config: SupervisedConfig,
  model: LayersModel,
  optimizer: Momentum,
): number | string {
  const path = folder.file('checkpoint.safetensors');
  const restored = restore(path, config, model, optimizer);
  if (typeof restored === 'number') return restored;
  return `${restored}; put a sound copy there, or remove it and ${folder.file('metrics.jsonl')} to start again at step 0`;
}

function restore(
  path: string,
  config: SupervisedConfig,
  model: LayersModel,
  optimizer: Momentum,
): number | string {
  const loaded = loadNet(path);
  if (!loaded.ok) return loaded.message;
  const weights = new Map([...loaded.net.weights].filter(([name]) => !name.startsWith(SLOT)));
  const problem = setWeights(model, weights);
  if (problem !== null) return `${path}: ${problem}`;
  const { step } = loaded.net.provenance;
  if (typeof step !== 'number' || !Number.isInteger(step) || step < 0 || step > config.steps)
    return `${path}: its step is ${String(step)}, in a run of ${config.steps}`;
  const slots = [...loaded.net.weights].filter(([name]) => name.startsWith(SLOT));
  const slotProblem = optimizer.restore(
    new Map(slots.map(([name, value]) => [name.slice(SLOT.length), value])),
  );
  return slotProblem === null ? step : `${path}: ${slotProblem}`;
}
