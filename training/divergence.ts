/** Steps of a net that may diverge, which is no bug: it is told in a sentence. */
import { SolverFailure, orSolverFailure } from '#nets/ode/failure.ts';
import type { Learner } from './learner.ts';
import type { Lesson } from './lesson.ts';

export const divergedAt = (step: number, what: string): string =>
  `at step ${step} ${what}; start again with a lower learning rate and a new --out`;

/** One step; disposes the lesson. @returns what `Learner.step` tells, or a sentence where the net has diverged. */
export async function learnFrom(learner: Learner, lesson: Lesson): Promise<Record<string, number> | string> {
  const figures = await orSolverFailure(learner.step(lesson));
  lesson.dispose();
  if (figures instanceof SolverFailure) return divergedAt(learner.steps + 1, figures.message);
  const { totalLoss } = figures;
  return Number.isFinite(totalLoss) ? figures : divergedAt(learner.steps, `the loss became ${totalLoss}`);
}
