/** Root moves that are the same but for a symmetry of the position, of which a search needs only one. */
import type { Position } from '#engine/go/position.ts';
import { SYMMETRY_COUNT, symmetryTable } from '#engine/go/symmetry.ts';
import { superkoKey } from '#engine/go/superko.ts';
import type { Move } from '#engine/go/view.ts';
import { turnedHash } from '#engine/go/zobrist.ts';

/** The symmetries, the identity apart, that leave the board, the point banned by ko and, under superko, the set of past arrangements as they are. */
export function symmetriesOf(position: Position): number[] {
  const { board, rules } = position;
  const symmetries: number[] = [];
  let past: Set<number> | null = null;
  for (let symmetry = 1; symmetry < SYMMETRY_COUNT; symmetry++) {
    if ((symmetry & 4) !== 0 && board.width !== board.height) continue;
    const image = symmetryTable(symmetry, board.width, board.height);
    if (!board.stones.every((stone, p) => board.stones[image[p]] === stone)) continue;
    if (board.koPoint >= 0 && image[board.koPoint] !== board.koPoint) continue;
    if (rules.ko !== 'simple') {
      past ??= new Set(arrangements(position, null));
      if (!arrangements(position, image).every((key) => past?.has(key))) continue;
    }
    symmetries.push(symmetry);
  }
  return symmetries;
}

/** Superko keys of the arrangements so far, each turned by `image` first where there is one. */
function arrangements(last: Position, image: Int16Array | null): number[] {
  const keys: number[] = [];
  for (let p: Position | null = last; p !== null; p = p.previous) {
    const { hi, lo } =
      image === null ? { hi: p.board.hashHi, lo: p.board.hashLo } : turnedHash(p.board.stones, image);
    keys.push(superkoKey(p.rules, hi, lo, p.toPlay));
  }
  return keys;
}

/** Of moves that a symmetry of the position makes equal, those of smallest index, in the order given. */
export function distinctMoves(position: Position, moves: readonly Move[]): Move[] {
  const { width, height } = position.board;
  const images = symmetriesOf(position).map((symmetry) => symmetryTable(symmetry, width, height));
  const known = new Set(moves);
  return moves.filter((move) => images.every((image) => image[move] >= move || !known.has(image[move])));
}
