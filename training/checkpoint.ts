/** The checkpoint of a run: the learner's state and its best net as a net file, so that training goes on as if it had not stopped. */
import { loadState, saveNet } from '#nets/file.ts';
import type { AnyNetFile, WeightArray } from '#nets/file.ts';
import { isImageSpec } from '#nets/spec.ts';
import type { AnySpec } from '#nets/spec.ts';
import { weightsProblem } from '#nets/weight-shapes.ts';
import { STEPS, stepsArray } from './learner.ts';
import type { Learner } from './learner.ts';
import type { RunFolder } from './run-folder.ts';

type Arrays = ReadonlyMap<string, WeightArray>;

/** Before the names of the weights of the best net. */
const BEST = 'best/';

/** The number of steps stands in the provenance, where `net info` shows it. @param best the weights to use in the end, where they are not the last ones. */
export async function saveCheckpoint(
  folder: RunFolder,
  learner: Learner,
  best: Arrays | null,
): Promise<void> {
  const weights = await learner.state();
  weights.delete(STEPS);
  for (const [name, array] of best ?? []) weights.set(BEST + name, array);
  const provenance = { step: learner.steps };
  saveNet(folder.file('checkpoint.safetensors'), { spec: learner.trainedSpec, weights, provenance });
}

export type Restored =
  { readonly ok: true; readonly best: Arrays | null } | { readonly ok: false; readonly message: string };

/** Restores the learner; a sentence with what to do where that is impossible, and then nothing changes. @param steps of the whole run. */
export function restoreCheckpoint(folder: RunFolder, steps: number, learner: Learner): Restored {
  const path = folder.file('checkpoint.safetensors');
  const loaded = loadState(path);
  const change = loaded.ok ? changedImages(loaded.net.spec, learner.trainedSpec) : null;
  if (change !== null)
    return { ok: false, message: `${path}: ${change}; put them back as they were, or choose a new --out` };
  const restored = loaded.ok ? restore(path, loaded.net, steps, learner) : loaded.message;
  if (typeof restored !== 'string') return { ok: true, best: restored };
  const message = `${restored}; put a sound copy there, or remove it and ${folder.file('metrics.jsonl')} to start again at step 0`;
  return { ok: false, message };
}

/** What is no longer as it was of the images that a net was begun for, on which alone its spec depends besides the config; or null. */
function changedImages(begun: AnySpec, now: AnySpec): string | null {
  if (!isImageSpec(begun) || !isImageSpec(now)) return null;
  const [before, after] = [begun, now].map(
    ({ image: { height, width, channels }, heads: { classes } }) =>
      `images of ${height} x ${width} x ${channels} in ${classes} classes`,
  );
  return before === after ? null : `it is of a net for ${before}, and the data ask for one for ${after} now`;
}

function restore(path: string, net: AnyNetFile, steps: number, learner: Learner): Arrays | null | string {
  const { step } = net.provenance;
  if (typeof step !== 'number' || !Number.isInteger(step) || step < 0 || step > steps)
    return `${path}: its step is ${String(step)}, in a run of ${steps}`;
  const all = [...net.weights];
  const best = all.flatMap(([name, array]) =>
    name.startsWith(BEST) ? [[name.slice(BEST.length), array] as const] : [],
  );
  const state = all.filter(([name]) => !name.startsWith(BEST));
  const kept = best.length === 0 ? null : new Map(best);
  const unfit = kept === null ? null : weightsProblem(learner.spec, kept);
  if (unfit !== null) return `${path}: its best net: ${unfit}`;
  const problem = learner.restore(new Map([...state, [STEPS, stepsArray(step)]]));
  return problem === null ? kept : `${path}: ${problem}`;
}
