/** Which values a chart shows: all of the smoothed curves, and of the raw ones all but rare peaks. */

/** Share of the raw values that may lie beyond either edge. */
const OUTLIERS = 0.02;
/** Room above and below, as a share of the height. */
const ROOM = 0.06;

type Values = readonly (number | null)[];

function quantiles(values: Values): [number, number] | null {
  const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  if (sorted.length === 0) return null;
  const cut = Math.floor(OUTLIERS * sorted.length);
  return [sorted[cut], sorted[sorted.length - 1 - cut]];
}

/**
 * @param range that is shown at least and without room around it, or null.
 * @returns lowest and highest value, the second above the first.
 */
export function valueRange(
  curves: readonly { readonly raw: Values; readonly smoothed: Values }[],
  range: readonly [number, number] | null,
): [number, number] {
  let [low, high] = range ?? [Infinity, -Infinity];
  for (const { raw, smoothed } of curves) {
    const inner = quantiles(raw);
    for (const value of [...(inner ?? []), ...smoothed]) {
      if (value === null) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!(low <= high)) return [0, 1];
  if (low === high) return low === 0 ? [0, 1] : [Math.min(0, 2 * low), Math.max(0, 2 * high)];
  const room = ROOM * (high - low);
  return [low === range?.[0] ? low : low - room, high === range?.[1] ? high : high + room];
}
