/** Single-point eyes by their neighbours and diagonals, for playouts that must not fill them. */
import type { Board } from './board.ts';
import { opponent } from './color.ts';
import type { Color } from './color.ts';

/** Whether all neighbours of the empty point are `color` and too few diagonals are the opponent's to make it false. */
export function isEye(board: Board, point: number, color: Color): boolean {
  const { stones, neighbors, width, height } = board;
  for (let n = 4 * point; n < 4 * point + 4; n++) {
    const q = neighbors[n];
    if (q < 0) break;
    if (stones[q] !== color) return false;
  }
  const enemy = opponent(color);
  const x = point % width;
  const y = (point - x) / width;
  const [left, right, up, down] = [x > 0, x < width - 1, y > 0, y < height - 1];
  let enemies = 0;
  if (left && up && stones[point - width - 1] === enemy) enemies++;
  if (right && up && stones[point - width + 1] === enemy) enemies++;
  if (left && down && stones[point + width - 1] === enemy) enemies++;
  if (right && down && stones[point + width + 1] === enemy) enemies++;
  return enemies < (left && right && up && down ? 2 : 1);
}
