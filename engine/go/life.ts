/** Where each side is pass-alive: cannot be captured, or cannot be invaded, even if it always passes. */
import { Benson } from './benson.ts';
import type { Board } from './board.ts';
import { BLACK, WHITE, signFor } from './color.ts';

const benson = new Benson();

/**
 * @param suicide whether the rules allow it, which makes fewer chains safe.
 * @returns int8 [area]: 1 where Black is pass-alive, -1 where White is, 0 elsewhere: on living stones, and on regions
 * between living chains of which one touches all empty points, so that the opponent cannot live there.
 */
export function passAliveArea(board: Board, suicide: boolean): Int8Array {
  const result = new Int8Array(board.area);
  for (const color of [BLACK, WHITE] as const) {
    const sign = signFor(color);
    benson.analyse(board, color, suicide);
    for (let p = 0; p < board.area; p++)
      if (board.stones[p] === color && benson.alive[board.chainId(p)] === 1) result[p] += sign;
    for (let r = 0; r < benson.regions; r++)
      if (benson.safe[r] === 1 && benson.vitalChains[r] > 0)
        for (let i = benson.start[r]; i < benson.start[r + 1]; i++) result[benson.points[i]] += sign;
  }
  return result;
}
