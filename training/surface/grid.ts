/** The points of a plane that losses are taken at. */

export type Grid = {
  /** Points along a side; odd, so that the middle is one. */
  readonly side: number;
  /** Coordinates go from -range to range. */
  readonly range: number;
};

/** Of alpha by column, and of beta by row; exactly 0 in the middle. */
export function coordinates({ side, range }: Grid): number[] {
  return Array.from({ length: side }, (_, i) => range * ((2 * i) / (side - 1) - 1));
}

/** Of rows and columns. */
export const middle = ({ side }: Pick<Grid, 'side'>): number => (side - 1) / 2;

/** The bilinear interpolation of values at the points of the grid [side, side], rows of beta. */
export function interpolated(
  { side, range }: Grid,
  values: readonly (readonly number[])[],
): (alpha: number, beta: number) => number {
  const cell = (at: number): [index: number, share: number] => {
    const place = ((at / range + 1) * (side - 1)) / 2;
    const index = Math.min(side - 2, Math.max(0, Math.floor(place)));
    return [index, place - index];
  };
  return (alpha, beta) => {
    const [[column, right], [row, up]] = [cell(alpha), cell(beta)];
    const along = (of: readonly number[]): number => (1 - right) * of[column] + right * of[column + 1];
    return (1 - up) * along(values[row]) + up * along(values[row + 1]);
  };
}
