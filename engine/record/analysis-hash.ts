/** Names of positions for the `thisHash` and `symHash` of KataGo's analysis. */
import type { Board } from '#engine/go/board.ts';
import { EMPTY, WHITE, type Color } from '#engine/go/color.ts';
import { SYMMETRY_COUNT, symmetryTable } from '#engine/go/symmetry.ts';
import { ZOBRIST_HI, ZOBRIST_LO, turnedHash, zobristIndex } from '#engine/go/zobrist.ts';

/** Flips a half of the hash where White is to move. Any number but 0 would do. */
const WHITE_TO_MOVE = 0x5bd1e995;

const hex = (half: number): string => (half >>> 0).toString(16).toUpperCase().padStart(8, '0');

/** The hash of the board under a symmetry: stones, size, side to move and the point that simple ko forbids. */
function hashUnder(board: Board, toPlay: Color, symmetry: number): string {
  const { width, height, stones, koPoint } = board;
  const image = symmetryTable(symmetry, width, height);
  const [columns, rows] = symmetry & 4 ? [height, width] : [width, height];
  let { hi, lo } = turnedHash(stones, image);
  if (toPlay === WHITE) hi ^= WHITE_TO_MOVE;
  lo ^= (columns << 8) | rows;
  if (koPoint >= 0) {
    // Stones of no colour have keys too, which mark the ko point.
    const key = zobristIndex(image[koPoint], EMPTY);
    hi ^= ZOBRIST_HI[key];
    lo ^= ZOBRIST_LO[key];
  }
  return hex(hi) + hex(lo);
}

/**
 * 64 bits in hexadecimal each: `thisHash` is equal for equal stones, side to move and simple ko, `symHash` also for
 * positions that are mirrored or turned. Neither knows of superko.
 */
export function positionHashes(board: Board, toPlay: Color): { thisHash: string; symHash: string } {
  const hashes = Array.from({ length: SYMMETRY_COUNT }, (_, symmetry) => hashUnder(board, toPlay, symmetry));
  return { thisHash: hashes[0], symHash: hashes.reduce((least, hash) => (hash < least ? hash : least)) };
}
