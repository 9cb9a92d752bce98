/** Spreads small numbers over 32 bits, to make keys of positions. */

/** One round over `hash` and `value` (multipliers of MurmurHash3's finaliser). @returns int32. */
export function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ value, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae35);
  return h ^ (h >>> 13);
}
