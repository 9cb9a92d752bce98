/** Finished surfaces as numbers: of each net its losses over the plane, and what they come to. */
import { max, median, min } from 'simple-statistics';
import type { SurfaceConfig } from './config.ts';
import { middle } from './grid.ts';
import type { Point } from './surface-folder.ts';

/** [side, side], rows of beta, columns of alpha; null where there was no finite loss. */
export type LossGrid = readonly (readonly (number | null)[])[];

export type Surface = {
  readonly net: string;
  /** By name; `total`, their sum, is f. */
  readonly losses: Readonly<Record<string, LossGrid>> & { readonly total: LossGrid };
};

/** @param points all of them, in any order. */
export function surfacesOf({ nets, side }: SurfaceConfig, points: readonly Point[]): Surface[] {
  return nets.map(({ path }, net) => {
    const own = points.filter((point) => point.net === net);
    const grid = (valueOf: (losses: Point['losses']) => number | null): LossGrid => {
      const rows = Array.from({ length: side }, () => Array<number | null>(side).fill(null));
      for (const { row, column, losses } of own) rows[row][column] = valueOf(losses);
      return rows;
    };
    const names = [...new Set(own.flatMap(({ losses }) => Object.keys(losses)))];
    const valuesOf = (losses: Point['losses']): (number | null)[] =>
      names.map((name) => losses[name] ?? null);
    const sum = (a: number | null, b: number | null): number | null =>
      a === null || b === null ? null : a + b;
    const total = grid((losses) => valuesOf(losses).reduce(sum, names.length === 0 ? null : 0));
    const terms = Object.fromEntries(names.map((name, i) => [name, grid((losses) => valuesOf(losses)[i])]));
    return { net: path, losses: { ...terms, total } };
  });
}

export type SurfaceSummary = {
  readonly net: string;
  /** f(0, 0), whole and by its terms. */
  readonly atNet: Readonly<Record<string, number | null>>;
  /** Of the finite values of f; null where there are none. */
  readonly lowest: number | null;
  readonly median: number | null;
  readonly highest: number | null;
};

export function summaryOf({ net, losses }: Surface): SurfaceSummary {
  const center = middle({ side: losses.total.length });
  const finite = losses.total.flat().filter((loss) => loss !== null);
  const ofFinite = (figure: (values: number[]) => number): number | null =>
    finite.length === 0 ? null : figure(finite);
  return {
    net,
    atNet: Object.fromEntries(Object.entries(losses).map(([name, grid]) => [name, grid[center][center]])),
    lowest: ofFinite(min),
    median: ofFinite(median),
    highest: ofFinite(max),
  };
}
