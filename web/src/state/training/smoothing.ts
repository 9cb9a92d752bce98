/** Curves made fit to look at: smoothed first, at full resolution, and only then thinned out. */

export type Points = {
  /** Not decreasing. */
  readonly x: readonly number[];
  /** [x.length]; null where nothing is known. */
  readonly y: readonly (number | null)[];
};

/**
 * The mean of all values, those |i - j| places away weighted with exp(-|i - j| / reach): on both sides, so that a curve is
 * not drawn late. Unknown values stay unknown and count for nothing. O(n).
 * @param reach in places, at least 0; 0 changes nothing.
 */
export function smooth(values: readonly (number | null)[], reach: number): (number | null)[] {
  if (reach <= 0) return [...values];
  const decay = Math.exp(-1 / reach);
  /** What is reached from before place i, itself included: weighted sum and weight. */
  function pass(from: readonly (number | null)[]): { sums: number[]; weights: number[] } {
    const sums: number[] = [];
    const weights: number[] = [];
    let [sum, weight] = [0, 0];
    for (const value of from) {
      sum = sum * decay + (value ?? 0);
      weight = weight * decay + (value === null ? 0 : 1);
      sums.push(sum);
      weights.push(weight);
    }
    return { sums, weights };
  }
  const before = pass(values);
  const after = pass(values.toReversed());
  return values.map((value, i) => {
    if (value === null) return null;
    const j = values.length - 1 - i;
    // The place itself is in both.
    return (before.sums[i] + after.sums[j] - value) / (before.weights[i] + after.weights[j] - 1);
  });
}

/** @param strength in [0, 1], as a person sets it. @returns the reach, a tenth of the curve at most. */
export function reachOf(strength: number, length: number): number {
  return 0.1 * strength ** 2 * length;
}

/**
 * At most `2 * buckets + 2` of the points: the lowest and the highest of each of as many stretches, and both ends, so that
 * no peak is lost.
 */
export function thin({ x, y }: Points, buckets: number): Points {
  const { length } = x;
  if (length <= 2 * buckets + 2) return { x, y };
  const kept: number[] = [0];
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = Math.floor((bucket * length) / buckets);
    const end = Math.floor(((bucket + 1) * length) / buckets);
    let [low, high] = [-1, -1];
    for (let i = start; i < end; i++) {
      const value = y[i];
      if (value === null) continue;
      if (low < 0 || value < (y[low] ?? 0)) low = i;
      if (high < 0 || value > (y[high] ?? 0)) high = i;
    }
    for (const i of low < high ? [low, high] : [high, low]) if (i > (kept.at(-1) ?? 0)) kept.push(i);
  }
  if (kept.at(-1) !== length - 1) kept.push(length - 1);
  return { x: kept.map((i) => x[i]), y: kept.map((i) => y[i]) };
}
