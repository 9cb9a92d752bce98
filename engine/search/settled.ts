/** Positions that need no further search because every stone and point is safe: their score is exact. */
import { BLACK, EMPTY, WHITE, signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { Board } from '#engine/go/board.ts';
import { passAliveArea } from '#engine/go/life.ts';
import type { PositionView } from '#engine/go/view.ts';

/**
 * Whether, under area rules without tax, every point is pass-alive for one side and no stone stands in the other's area:
 * then no play can change the count to anyone's gain, and the board as it stands is the count. Positions with less than
 * half the points occupied are not looked at.
 */
export function isSettled({ board, rules }: PositionView): boolean {
  if (rules.scoring !== 'area' || rules.tax !== 'none' || !mayBeSettled(board)) return false;
  const alive = passAliveArea(board, rules.suicide);
  for (let p = 0; p < board.area; p++) {
    if (alive[p] === 0) return false;
    if (board.stones[p] !== EMPTY && alive[p] !== signFor(board.stones[p] as Color)) return false;
  }
  return true;
}

/** Cheap grounds to say no: many empty points, a chain in atari, a point between both colours. */
function mayBeSettled(board: Board): boolean {
  const { area, stones, neighbors } = board;
  let empty = 0;
  for (let p = 0; p < area; p++) if (stones[p] === EMPTY && 2 * ++empty > area) return false;
  for (let p = 0; p < area; p++) {
    if (stones[p] !== EMPTY) {
      if (board.liberties(p) < 2) return false;
      continue;
    }
    let colors = 0;
    for (let n = 4 * p; n < 4 * p + 4 && neighbors[n] >= 0; n++) colors |= stones[neighbors[n]];
    if (colors === (BLACK | WHITE)) return false;
  }
  return true;
}
