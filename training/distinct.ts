/** Lists in which nothing may be twice. */
import type { z } from 'zod';

/** What is wrong with a list in which something is there twice, or null. */
export function twiceProblem(list: readonly (string | number)[]): string | null {
  const again = list.findIndex((each, i) => list.indexOf(each) < i);
  return again < 0 ? null : `${list[again]} is there twice`;
}

/** A check for `superRefine`. */
export function refuseTwice(list: readonly (string | number)[], context: z.RefinementCtx): void {
  const problem = twiceProblem(list);
  if (problem !== null) context.addIssue(problem);
}
