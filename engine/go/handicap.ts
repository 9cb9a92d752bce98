/** Where handicap stones stand by convention. */

/** The most handicap stones with fixed places: 9 on odd boards, 4 where a side is even or 7, none below 7 (GTP 2, 4.1.1). */
export function maxHandicap(width: number, height: number): number {
  const short = Math.min(width, height);
  if (short < 7) return 0;
  return width % 2 === 0 || height % 2 === 0 || short === 7 ? 4 : 9;
}

/**
 * The fixed handicap points of the Go Text Protocol: on the fourth line, on the third below 13.
 * @param count 2 to `maxHandicap`; 0 and 1 give no stones.
 * @throws RangeError beyond that.
 */
export function handicapPoints(count: number, width: number, height: number): number[] {
  const most = maxHandicap(width, height);
  if (!Number.isInteger(count) || count < 0 || count > Math.max(most, 1))
    throw new RangeError(`A ${width}x${height} board takes 0 to ${most} handicap stones, not ${count}.`);
  if (count < 2) return [];
  const edge = (side: number): number => (side < 13 ? 2 : 3);
  const [left, top] = [edge(width), edge(height)];
  const [right, bottom] = [width - 1 - left, height - 1 - top];
  const [centerX, centerY] = [(width - 1) / 2, (height - 1) / 2];
  const at = (x: number, y: number): number => y * width + x;
  const corners = [at(left, bottom), at(right, top), at(left, top), at(right, bottom)];
  const sides = [at(left, centerY), at(right, centerY), at(centerX, bottom), at(centerX, top)];
  const center = count === 5 || count === 7 || count === 9 ? [at(centerX, centerY)] : [];
  return [...[...corners.slice(0, count), ...sides].slice(0, count - center.length), ...center];
}
