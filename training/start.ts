/** Beginning with what another net has learned (transfer learning). */
import { loadAnyNet } from '#nets/file.ts';
import type { AnySpec } from '#nets/spec.ts';
import { weightShapes } from '#nets/weight-shapes.ts';
import type { SupervisedConfig } from './config.ts';
import type { Learner } from './learner.ts';
import { trunkMismatch } from './trunk-mismatch.ts';

/** What of a run's data its net file tells: the labels that an image's answers stand for. */
export function answersOf({ data }: Pick<SupervisedConfig, 'data'>): { readonly classes?: string } {
  return data.kind === 'images' && data.classes !== null ? { classes: data.classes.join() } : {};
}

/**
 * Begins from the net file at `path`, but for the head where that answers with other classes. @returns one sentence that
 * begins with the path where that is impossible, or null.
 */
export function startFrom(
  path: string,
  learner: Learner,
  config: Pick<SupervisedConfig, 'data'>,
): string | null {
  const loaded = loadAnyNet(path);
  if (!loaded.ok) return loaded.message;
  const { weights, provenance } = loaded.net;
  const isForSame = provenance.classes === answersOf(config).classes;
  const kept = isForSame ? weights : new Map([...weights].filter(([name]) => name.startsWith('trunk/')));
  const problem = learner.start(kept);
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
