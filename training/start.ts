/** Beginning with what another net has learned (transfer learning). */
import { loadState } from '#nets/file.ts';
import type { AnySpec } from '#nets/spec.ts';
import { shapesOf, weightShapes } from '#nets/weight-shapes.ts';
import type { SupervisedConfig } from './config.ts';
import type { Learner } from './learner.ts';
import { trunkMismatch } from './trunk-mismatch.ts';

/** The labels that an image's answers stand for, as a net file tells them; none of positions. */
type Answers = { readonly classes?: string };

/** What of a run's data its net file tells. */
export function answersOf({ data }: Pick<SupervisedConfig, 'data'>): Answers {
  return data.kind === 'images' && data.classes !== null ? { classes: data.classes.join() } : {};
}

/**
 * Begins from the net file at `path`, which may be the checkpoint of a run that has no net yet, but for the head where that
 * answers with other classes. @returns one sentence that begins with the path where that is impossible, or null.
 */
export function startFrom(path: string, learner: Learner, answers: Answers = {}): string | null {
  const loaded = loadState(path);
  if (!loaded.ok) return loaded.message;
  const { weights, provenance } = loaded.net;
  const isForSame = provenance.classes === answers.classes;
  const kept = isForSame ? weights : new Map([...weights].filter(([name]) => name.startsWith('trunk/')));
  return unfit(path, learner.start(kept));
}

/** What `startFrom` would say to a learner of this net. */
export function startProblem(spec: AnySpec, path: string): string | null {
  const loaded = loadState(path);
  if (!loaded.ok) return loaded.message;
  return unfit(path, trunkMismatch(weightShapes(spec), shapesOf(loaded.net.weights)));
}

/** The same where the net to begin from, of the name `named`, is not trained yet. */
export function plannedStartProblem(spec: AnySpec, named: string, begun: AnySpec): string | null {
  return unfit(named, trunkMismatch(weightShapes(spec), weightShapes(begun)));
}

function unfit(path: string, problem: string | null): string | null {
  return problem === null
    ? null
    : `${path}: its trunk does not fit (${problem}); name a net of the same architecture, blocks and channels`;
}
