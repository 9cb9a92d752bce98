/** Where a curve of values that are known here and there is a line, and where it is only points. */

/** Unknown values in a row that a line passes over: those of the opponent's move, and one more. */
const BRIDGED = 2;

export type Gapped = readonly (number | null | undefined)[];

/** @returns null where the line breaks, undefined where it passes over an unknown value. */
export function withGaps(values: readonly (number | null)[]): Gapped {
  const gapped: (number | null | undefined)[] = [...values];
  let last = -Infinity;
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    if (i - last <= BRIDGED + 1) gapped.fill(undefined, last + 1, i);
    last = i;
  }
  return gapped;
}

/** The known values that no line meets. */
export function lonePoints(gapped: Gapped): number[] {
  const isBreak = (i: number): boolean => i < 0 || i >= gapped.length || gapped[i] === null;
  return gapped.flatMap((value, i) =>
    typeof value === 'number' && isBreak(i - 1) && isBreak(i + 1) ? [i] : [],
  );
}
