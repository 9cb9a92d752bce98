/** Where a board has its dots. */

/** Handicap points as lines from the edge: third line on small boards, fourth from 13 up. */
export function starPoints(width: number, height: number): { x: number; y: number }[] {
  const along = (side: number): number[] => {
    if (side < 7) return side % 2 === 1 ? [(side - 1) / 2] : [];
    const edge = side >= 13 ? 3 : 2;
    const middle = side % 2 === 1 ? [(side - 1) / 2] : [];
    return [edge, ...middle, side - 1 - edge];
  };
  const isMiddle = (at: number, side: number): boolean => 2 * at === side - 1;
  return along(width).flatMap((x) =>
    along(height)
      // Side points only where there is room for nine: on 15 lines and more.
      .filter((y) => isMiddle(x, width) === isMiddle(y, height) || (width >= 15 && height >= 15))
      .map((y) => ({ x, y })),
  );
}
