/** The boards there are: GTP and SGF have letters for 25 columns, and a board of one line has no game. */
export const MIN_BOARD_SIDE = 2;
export const MAX_BOARD_SIDE = 25;

/** Whether a board may have this many lines in one direction. */
export function isBoardSide(lines: number): boolean {
  return Number.isInteger(lines) && lines >= MIN_BOARD_SIDE && lines <= MAX_BOARD_SIDE;
}
