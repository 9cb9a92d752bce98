/** How sure a statistic is of which no formula tells, where what it is of comes in groups. */
import { quantileSorted } from 'simple-statistics';
import type { Rng } from '#engine/go/random.ts';
import type { Interval } from '#selfplay/statistics.ts';

/** Of groups; chance then moves an end of the interval by about a thirtieth of its width. */
const DRAWS = 400;

/**
 * The middle 95% of a statistic over as many groups drawn with replacement (Efron and Tibshirani 1993, section 13.3).
 * @returns null for fewer than two groups, or where the statistic is NaN of some draw.
 */
export function bootstrap95<Item>(
  groups: readonly (readonly Item[])[],
  statistic: (items: readonly Item[]) => number,
  rng: Rng,
): Interval | null {
  if (groups.length < 2) return null;
  const values = Array.from({ length: DRAWS }, () =>
    statistic(groups.flatMap(() => groups[rng.nextInt(groups.length)])),
  ).sort((a, b) => a - b);
  if (values.some(Number.isNaN)) return null;
  return { low: quantileSorted(values, 0.025), high: quantileSorted(values, 0.975) };
}
