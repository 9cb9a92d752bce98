/** Whether two quantities rise together, by the ranks of their values. */
import { sampleCorrelation } from 'simple-statistics';

/** From 0; values that are equal share the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  const ranked = Array<number>(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (const i of order.slice(from, to)) ranked[i] = (from + to - 1) / 2;
  }
  return ranked;
}

/** Spearman's coefficient, in [-1, 1]; NaN where either is constant. */
export function rankCorrelation(x: readonly number[], y: readonly number[]): number {
  return sampleCorrelation(ranks(x), ranks(y));
}

/** The same of what x and y have beyond their dependence on z: (r_xy - r_xz r_yz) / sqrt((1 - r_xz^2)(1 - r_yz^2)). */
export function partialRankCorrelation(
  x: readonly number[],
  y: readonly number[],
  z: readonly number[],
): number {
  const [xy, xz, yz] = [rankCorrelation(x, y), rankCorrelation(x, z), rankCorrelation(y, z)];
  return (xy - xz * yz) / Math.sqrt((1 - xz ** 2) * (1 - yz ** 2));
}
