/** The checkpoint of a run: the learner's state as a net file, so that training goes on as if it had not stopped. */
import { loadNet, saveNet } from '#nets/file.ts';
import { netSpec } from './config.ts';
import type { SupervisedConfig } from './config.ts';
import { STEPS, stepsArray } from './learner.ts';
import type { Learner } from './learner.ts';
import type { RunFolder } from './run-folder.ts';

/** The number of steps stands in the provenance, where `net info` shows it. */
export async function saveCheckpoint(
  folder: RunFolder,
  config: SupervisedConfig,
  learner: Learner,
): Promise<void> {
  const weights = await learner.state();
  weights.delete(STEPS);
  const provenance = { step: learner.steps };
  saveNet(folder.file('checkpoint.safetensors'), { spec: netSpec(config), weights, provenance });
}

/** Restores the learner; a sentence with what to do where that is impossible, and then nothing changes. */
export function restoreCheckpoint(
  folder: RunFolder,
  config: SupervisedConfig,
  learner: Learner,
): string | null {
  const path = folder.file('checkpoint.safetensors');
  const problem = restore(path, config, learner);
  if (problem === null) return null;
  return `${problem}; put a sound copy there, or remove it and ${folder.file('metrics.jsonl')} to start again at step 0`;
}

function restore(path: string, config: SupervisedConfig, learner: Learner): string | null {
  const loaded = loadNet(path);
  if (!loaded.ok) return loaded.message;
  const { step } = loaded.net.provenance;
  if (typeof step !== 'number' || !Number.isInteger(step) || step < 0 || step > config.steps)
    return `${path}: its step is ${String(step)}, in a run of ${config.steps}`;
  const problem = learner.restore(new Map([...loaded.net.weights, [STEPS, stepsArray(step)]]));
  return problem === null ? null : `${path}: ${problem}`;
}
