/** Which examples of many, and how many at a time. */
import type { Rng } from '#engine/go/random.ts';

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

/** In random order. */
export function shuffled<Item>(items: readonly Item[], rng: Rng): Item[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i--) {
    const j = rng.nextInt(i + 1);
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}

/** Piles of at most `size`, as even as can be, each drawn at random from all. */
export function dealt<Item>(items: readonly Item[], size: number, rng: Rng): Item[][] {
  const all = shuffled(items, rng);
  const count = Math.ceil(items.length / size);
  const from = (pile: number): number => Math.round((pile * items.length) / count);
  return Array.from({ length: count }, (_, pile) => all.slice(from(pile), from(pile + 1)));
}
