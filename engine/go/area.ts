/** Whose each point is if the game were counted as it stands, with what is pass-alive proven and no other stone dead. */
import { Benson } from './benson.ts';
import type { Board } from './board.ts';
import { BLACK, EMPTY, WHITE } from './color.ts';
import { MAX_BOARD_SIDE } from './size.ts';

const benson = new Benson();
const MAX_AREA = MAX_BOARD_SIDE ** 2;
const seen = new Uint8Array(MAX_AREA);
const group = new Int16Array(MAX_AREA);

/**
 * KataGo's area: pass-alive stones, regions between them where the opponent has no room for two eyes, empty regions
 * beside one colour alone, and every other stone for its own colour.
 * @param suicide whether the rules allow it, which makes fewer chains safe.
 * @param out uint8 [area], written: 0 nobody's, 1 Black's, 2 White's.
 */
export function standingArea(board: Board, suicide: boolean, out: Uint8Array): void {
  const { area, stones } = board;
  out.fill(EMPTY, 0, area);
  for (const color of [BLACK, WHITE] as const) {
    benson.analyse(board, color, suicide);
    for (let p = 0; p < area; p++)
      if (stones[p] === color && benson.alive[board.chainId(p)] === 1) out[p] = color;
    for (let r = 0; r < benson.regions; r++) {
      const isEmpty = benson.contested[r] === 0;
      // An eye of the opponent touches no stone of ours, so that two need two such points.
      const isProven = benson.safe[r] === 1 && (isEmpty || benson.interior[r] <= 1);
      if (!benson.isBordered(r) || !(isProven || isEmpty)) continue;
      for (let i = benson.start[r]; i < benson.start[r + 1]; i++) {
        const p = benson.points[i];
        if (isProven || out[p] === EMPTY) out[p] = color;
      }
    }
  }
  for (let p = 0; p < area; p++) if (out[p] === EMPTY) out[p] = stones[p];
}

/**
 * The standing area less what a tax on seki takes: of connected points of one colour that touch nobody's points, or
 * hold a stone of that colour in atari, only the stones remain. KataGo's independent life.
 * @param out uint8 [area], written as by `standingArea`.
 */
export function independentArea(board: Board, suicide: boolean, out: Uint8Array): void {
  const { area, stones, neighbors } = board;
  standingArea(board, suicide, out);
  seen.fill(0, 0, area);
  for (let first = 0; first < area; first++) {
    const color = out[first];
    if (color === EMPTY || seen[first] === 1) continue;
    let isSeki = false;
    let end = 0;
    seen[first] = 1;
    group[end++] = first;
    for (let i = 0; i < end; i++) {
      const p = group[i];
      if (stones[p] === color && board.liberties(p) === 1) isSeki = true;
      for (let n = 4 * p; n < 4 * p + 4; n++) {
        const q = neighbors[n];
        if (q < 0) break;
        // What an earlier group lost is seen, and nobody's only since then.
        if (out[q] === EMPTY && stones[q] === EMPTY && seen[q] === 0) isSeki = true;
        if (out[q] !== color || seen[q] === 1) continue;
        seen[q] = 1;
        group[end++] = q;
      }
    }
    if (!isSeki) continue;
    for (let i = 0; i < end; i++) if (stones[group[i]] !== color) out[group[i]] = EMPTY;
  }
}
