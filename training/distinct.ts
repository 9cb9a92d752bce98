/** Lists in which nothing may be twice. */
import type { z } from 'zod';

/** A check for `superRefine`. */
export function refuseTwice(list: readonly (string | number)[], context: z.RefinementCtx): void {
  const again = list.findIndex((each, i) => list.indexOf(each) < i);
  if (again >= 0) context.addIssue(`${list[again]} is there twice`);
}
