/** Beginning with what another net has learned (transfer learning). */
import { loadAnyNet } from '#nets/file.ts';
import type { AnySpec } from '#nets/spec.ts';
import { weightShapes } from '#nets/weight-shapes.ts';
import type { Learner } from './learner.ts';
import { trunkMismatch } from './trunk-mismatch.ts';

/** Begins from the net file at `path`. @returns one sentence that begins with the path where that is impossible, or null. */
export function startFrom(path: string, learner: Learner): string | null {
  const loaded = loadAnyNet(path);
  if (!loaded.ok) return loaded.message;
  const problem = learner.start(loaded.net.weights);
  return problem === null ? null : `${path}: ${problem}`;
}

/** What `startFrom` would say to a learner of this net. */
export function startProblem(spec: AnySpec, path: string): string | null {
  const loaded = loadAnyNet(path);
  if (!loaded.ok) return loaded.message;
  const shapes = new Map(Array.from(weightShapes(spec), ([name, shape]) => [name, { shape }] as const));
  const problem = trunkMismatch(shapes, loaded.net.weights);
  return problem === null ? null : `${path}: ${problem}`;
}
