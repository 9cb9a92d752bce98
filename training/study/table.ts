/** What a study found, a row for each net and way to use it: means over the seeds with their uncertainty. */
import { fieldText } from '#nets/inspect/inspect.ts';
import type { SeenField } from '#nets/inspect/inspect.ts';
import { alignedTable } from '../text-table.ts';
import { estimate, type Estimate } from '../student.ts';
import { pairedDifferences } from './paired.ts';
import type { SeedFigures } from './paired.ts';
import type { MeasuredWay } from './measured.ts';
import type { MeasuredRun } from './run-study.ts';

/** One way to use one net. */
export type StudyRow = {
  readonly name: string;
  readonly net: string;
  /** Runs that the figures are of, and how many more failed. */
  readonly seeds: number;
  readonly diverged: number;
  /** See nets/inspect; null where all runs failed. */
  readonly field: SeenField | null;
  readonly figures: Readonly<Record<string, Estimate>>;
};

type Column = { readonly title: string; readonly format: (value: Estimate) => string };

/** "1,234.5" */
const exact =
  (digits: number) =>
  ({ mean }: Estimate): string =>
    mean.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const uncertain =
  (digits: number, factor = 1) =>
  ({ mean, halfWidth }: Estimate): string =>
    `${(factor * mean).toFixed(digits)}${halfWidth === null ? '' : ` ± ${(factor * halfWidth).toFixed(digits)}`}`;
const signed =
  (digits: number, factor = 1) =>
  (difference: Estimate): string =>
    `${difference.mean > 0 ? '+' : ''}${uncertain(digits, factor)(difference)}`;
const scientific = ({ mean }: Estimate): string => mean.toExponential(2);

/** By the names of figures; those that no run has are left out. */
const COLUMNS: Readonly<Record<string, Column>> = {
  parameters: { title: 'parameters', format: exact(0) },
  megaflops: { title: 'MFLOPs', format: exact(1) },
  evaluations: { title: 'evaluations', format: uncertain(1) },
  trainLoss: { title: 'train loss', format: uncertain(3) },
  trainLossDifference: { title: 'Δ train loss', format: signed(3) },
  testLoss: { title: 'test loss', format: uncertain(3) },
  testLossDifference: { title: 'Δ test loss', format: signed(3) },
  accuracy: { title: 'accuracy %', format: uncertain(2, 100) },
  accuracyDifference: { title: 'Δ accuracy %', format: signed(2, 100) },
  newAccuracy: { title: 'new %', format: uncertain(2, 100) },
  firstAtStart: { title: 'first |g|, start', format: scientific },
  lastAtStart: { title: 'last |g|, start', format: scientific },
  firstAtEnd: { title: 'first |g|, end', format: scientific },
  lastAtEnd: { title: 'last |g|, end', format: scientific },
  zeroWeights: { title: 'zero weights %', format: uncertain(2, 100) },
  zeroFilters: { title: 'zero filters %', format: uncertain(2, 100) },
  milliseconds: { title: 'ms', format: exact(3) },
};

const isMeasured = ({ diverged }: MeasuredWay): boolean => diverged === null;

/**
 * In the order in which nets and ways first appear.
 * @param baselineOf name of the net that one is compared with, which it is only where both were tested alike.
 */
export function studyRows(runs: readonly MeasuredRun[], baselineOf: (net: string) => string): StudyRow[] {
  const byNet = Map.groupBy(runs, ({ net }) => net);
  const comparedWith = (net: string): SeedFigures[] =>
    (byNet.get(baselineOf(net)) ?? [])
      .filter(({ testedOn }) => testedOn === byNet.get(net)?.[0].testedOn)
      .flatMap(({ seed, ways }) =>
        ways.filter((of) => of.way === null && isMeasured(of)).map(({ figures }) => ({ seed, figures })),
      );
  return [...byNet].flatMap(([net, own]): StudyRow[] => {
    const failed = own.filter((run) => run.diverged !== null).length;
    const measured = own.flatMap(({ seed, ways }) => ways.map((way) => ({ seed, ...way })));
    if (measured.length === 0)
      return [{ name: net, net, seeds: 0, diverged: failed, field: null, figures: {} }];
    return [...Map.groupBy(measured, ({ way }) => way)].map(([way, same]) => {
      const found = same.filter(isMeasured);
      // Runs that an earlier version measured may have others.
      const names = Object.keys(found[0]?.figures ?? {}).filter((name) =>
        found.every((run) => name in run.figures),
      );
      const figures = names.map((name) => [name, estimate(found.map((run) => run.figures[name]))] as const);
      return {
        name: way === null ? net : `${net}, ${way}`,
        net,
        seeds: found.length,
        diverged: failed + same.length - found.length,
        field: same[0].field,
        figures: {
          ...Object.fromEntries(figures),
          ...(net === baselineOf(net) && way === null ? {} : pairedDifferences(found, comparedWith(net))),
        },
      };
    });
  });
}

export function studyTable(rows: readonly StudyRow[]): string {
  const shown = Object.entries(COLUMNS).filter(([name]) => rows.some(({ figures }) => name in figures));
  const header = ['net', 'seeds', 'field', ...shown.map(([, { title }]) => title)];
  const lines = rows.map(({ name, seeds, diverged, field, figures }) => [
    name,
    `${seeds}${diverged === 0 ? '' : ` (${diverged} diverged)`}`,
    field === null ? '' : fieldText(field, 'all'),
    ...shown.map(([figure, { format }]) => (figure in figures ? format(figures[figure]) : '')),
  ]);
  return alignedTable(header, lines, { right: header.map((_, i) => i).slice(3) });
}
