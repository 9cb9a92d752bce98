/** Fixed pseudo-random keys for stones: a board's hash is the exclusive or of the keys of its stones. */
import { EMPTY } from './color.ts';
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

/** The hash of stones with each point moved to its image. @param stones [area] @param image as `symmetryTable` gives it. */
export function turnedHash(stones: Uint8Array, image: Int16Array): { hi: number; lo: number } {
  let [hi, lo] = [0, 0];
  for (let p = 0; p < stones.length; p++) {
    if (stones[p] === EMPTY) continue;
    const key = zobristIndex(image[p], stones[p]);
    hi ^= ZOBRIST_HI[key];
    lo ^= ZOBRIST_LO[key];
  }
  return { hi: hi >>> 0, lo: lo >>> 0 };
}
