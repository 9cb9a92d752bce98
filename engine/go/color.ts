/** Stone colours as small integers, so that boards are byte arrays. */
export const EMPTY = 0;
export const BLACK = 1;
export const WHITE = 2;

export type Color = 1 | 2;

export function opponent(color: Color): Color {
  return (3 - color) as Color;
}
