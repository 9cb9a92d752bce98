/** Which examples of many, and how many at a time. */

/** Indices of `wanted` of `total`, evenly spread; all where there are no more. */
export function evenly(total: number, wanted: number): number[] {
  const count = Math.min(total, wanted);
  return Array.from({ length: count }, (_, i) => Math.floor((i * total) / count));
}

/** Pieces of at most `size`. */
export function pieces<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size));
}

/** Piles of at most `size`, as even as can be, dealt one by one: each is of what is spread over all. */
export function dealt<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, pile) => items.filter((_item, i) => i % count === pile));
}
