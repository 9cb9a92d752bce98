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
