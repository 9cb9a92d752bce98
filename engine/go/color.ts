/** Stone colours as small integers, so that boards are byte arrays. */
export const EMPTY = 0;
export const BLACK = 1;
export const WHITE = 2;

export type Color = 1 | 2;

/** 1 for Black, -1 for White: times what Black sees gives what `color` sees, and the way back. */
export function signFor(color: Color): 1 | -1 {
  return color === BLACK ? 1 : -1;
}

export function opponent(color: Color): Color {
  return (3 - color) as Color;
}
