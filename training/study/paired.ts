/** Nets compared run by run: what the same seed and the same test positions do to both cancels. */
import { estimate } from '../student.ts';
import type { Estimate } from '../student.ts';

/** What is compared, and the names of the differences. */
const DIFFERENCES = {
  trainLoss: 'trainLossDifference',
  testLoss: 'testLossDifference',
  accuracy: 'accuracyDifference',
} as const;

export type SeedFigures = { readonly seed: number; readonly figures: Readonly<Record<string, number>> };

/** Of the seeds that both have: figures less those of the baseline. No names where fewer than two do, of which no interval can be told. */
export function pairedDifferences(
  runs: readonly SeedFigures[],
  baseline: readonly SeedFigures[],
): Record<string, Estimate> {
  const bySeed = new Map(baseline.map(({ seed, figures }) => [seed, figures]));
  const entries = Object.entries(DIFFERENCES).flatMap(([name, difference]) => {
    const values = runs.flatMap(({ seed, figures: { [name]: own } }) => {
      const other = bySeed.get(seed)?.[name];
      return own === undefined || other === undefined ? [] : [own - other];
    });
    return values.length < 2 ? [] : [[difference, estimate(values)] as const];
  });
  return Object.fromEntries(entries);
}
