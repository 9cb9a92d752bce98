/** Where a run goes on: the learner's state, and how many generations' learning is in it. */
import { existsSync } from 'node:fs';
import { loadState, saveNet } from '#nets/file.ts';
import type { Learner } from '../learner.ts';
import type { ZeroConfig } from './config.ts';
import { zeroSpec } from './config.ts';
import type { ZeroFolder } from './zero-folder.ts';

/** @param learned generations whose learning phase is done. */
export async function saveCheckpoint(
  folder: ZeroFolder,
  config: ZeroConfig,
  learner: Learner,
  learned: number,
): Promise<void> {
  saveNet(folder.checkpointPath, {
    spec: zeroSpec(config),
    weights: await learner.state(),
    provenance: { learned, step: learner.steps },
  });
}

/** Restores the learner. @returns the generations learned, null where there is no checkpoint, or a sentence with what to do. */
export function restoreCheckpoint(folder: ZeroFolder, learner: Learner): number | null | string {
  const path = folder.checkpointPath;
  if (!existsSync(path)) return null;
  const loaded = loadState(path);
  const advice = 'put a sound copy there, or choose a new --out';
  if (!loaded.ok) return `${loaded.message}; ${advice}`;
  const problem = learner.restore(loaded.net.weights);
  if (problem !== null) return `${path}: ${problem}; ${advice}`;
  const { learned } = loaded.net.provenance;
  return typeof learned === 'number' ? learned : `${path}: it does not say how far it has come`;
}
