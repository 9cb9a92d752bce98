/** Fowler, Noll and Vo's FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/. @returns an int32. */
export function fnv1a(values: Iterable<number>): number {
  let hash = 0x811c9dc5;
  for (const value of values) hash = Math.imul(hash ^ value, 0x01000193);
  return hash;
}
