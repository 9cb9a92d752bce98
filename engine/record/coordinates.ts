/** Names of points: board coordinates as people and GTP write them ("D4"), and SGF points ("dp"). */
import type { Move } from '#engine/go/view.ts';

/** Column letters from the left; I is left out, so 25 columns. */
export const COLUMNS = 'ABCDEFGHJKLMNOPQRSTUVWXYZ';

/**
 * Reads "D4", "d4" or "pass"; rows count from the bottom.
 * @returns the move (pass = width * height), or null if the text names no point of this board.
 */
export function parseMove(text: string, width: number, height: number): Move | null {
  const name = text.toUpperCase();
  if (name === 'PASS') return width * height;
  if (!/^[A-Z][1-9]\d?$/.test(name)) return null;
  const x = COLUMNS.indexOf(name[0]);
  const y = height - Number(name.slice(1));
  return x >= 0 && x < width && y >= 0 ? y * width + x : null;
}

/** "D4" for a point, "pass" for pass. */
export function formatMove(move: Move, width: number, height: number): string {
  if (move === width * height) return 'pass';
  if (!Number.isInteger(move) || move < 0 || move > width * height)
    throw new Error(`internal: move ${move} is not on a ${width}x${height} board`);
  return `${COLUMNS[move % width]}${height - Math.floor(move / width)}`;
}

/**
 * Reads an SGF move value: two letters, column then row from the top left. Pass is '' or, on boards up to
 * 19 x 19, 'tt' (FF[3] and earlier).
 * @returns the move, or null if the value is not a point of this board.
 */
export function parsePoint(value: string, width: number, height: number): Move | null {
  if (value === '' || (value === 'tt' && width <= 19 && height <= 19)) return width * height;
  if (value.length !== 2) return null;
  const x = value.charCodeAt(0) - 97;
  const y = value.charCodeAt(1) - 97;
  return x >= 0 && x < width && y >= 0 && y < height ? y * width + x : null;
}

/** The SGF value of a move; pass is ''. */
export function formatPoint(move: Move, width: number, height: number): string {
  if (move === width * height) return '';
  if (!Number.isInteger(move) || move < 0 || move > width * height)
    throw new Error(`internal: move ${move} is not on a ${width}x${height} board`);
  return String.fromCharCode(97 + (move % width), 97 + Math.floor(move / width));
}

/**
 * Reads an SGF list of points, with FF[4] compressed rectangles ("aa:cc", corners in any order).
 * @returns each point once, in order of first mention, or the first value that is no point or rectangle.
 */
export function parsePointList(
  values: readonly string[],
  width: number,
  height: number,
): { ok: true; points: number[] } | { ok: false; value: string } {
  const points = new Set<number>();
  for (const raw of values) {
    const value = raw.trim();
    if (value === '' && values.length === 1) break; // "DD[]" is the empty list
    const corners = value.split(':').map((corner) => parsePoint(corner, width, height));
    const [from, to = from] = corners;
    if (corners.length > 2 || from === null || to === null || Math.max(from, to) >= width * height)
      return { ok: false, value };
    const [left, right] = [from % width, to % width].toSorted((a, b) => a - b);
    const [top, bottom] = [Math.floor(from / width), Math.floor(to / width)].toSorted((a, b) => a - b);
    for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) points.add(y * width + x);
  }
  return { ok: true, points: [...points] };
}
