/** Fixed pseudo-random keys for stones: a board's hash is the exclusive or of the keys of its stones. */
import { MAX_BOARD_SIDE } from './size.ts';

const MAX_AREA = MAX_BOARD_SIDE ** 2;

/** One step of the SplitMix32 mixer (finaliser constants of MurmurHash3). */
function mix(seed: number): number {
  let x = seed >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

function keys(stream: number): Uint32Array {
  return Uint32Array.from({ length: 3 * MAX_AREA }, (_, i) =>
    mix(mix(Math.imul(i + 1, 0x9e3779b9)) + stream),
  );
}

/** Keys indexed by `zobristIndex`, as two 32-bit halves. */
export const ZOBRIST_HI: Uint32Array = keys(0x3c6ef372);
export const ZOBRIST_LO: Uint32Array = keys(0x78dde6e4);

export function zobristIndex(point: number, color: number): number {
  return color * MAX_AREA + point;
}
