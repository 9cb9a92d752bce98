/** Steps of a net that may diverge, which is no bug: it is told in a sentence. */
import { SolverFailure, orSolverFailure } from '#nets/ode/failure.ts';
import type { Learner } from './learner.ts';
import type { Lesson } from './lesson.ts';

export const divergedAt = (step: number, what: string): string =>
  `at step ${step} ${what}; start again with a lower learning rate and a new --out`;

/** A sentence where one of the figures is not finite, else null. */
export function brokenAt(step: number, figures: Readonly<Record<string, number>>): string | null {
  const broken = Object.keys(figures).filter((name) => !Number.isFinite(figures[name]));
  if (broken.length === 0) return null;
  const [name] = broken.includes('totalLoss') ? ['totalLoss'] : broken;
  return divergedAt(step, `${name === 'totalLoss' ? 'the loss' : name} became ${figures[name]}`);
}

/** One step; disposes the lesson. @returns what `Learner.step` tells, or a sentence where the net has diverged. */
export async function learnFrom(learner: Learner, lesson: Lesson): Promise<Record<string, number> | string> {
  const figures = await orSolverFailure(learner.step(lesson));
  lesson.dispose();
  if (figures instanceof SolverFailure) return divergedAt(learner.steps + 1, figures.message);
  return brokenAt(learner.steps, figures) ?? figures;
}
