/** Bootstrap samples, so that nets of one ensemble learn from different examples (Breiman 1996). */
import { makeRng } from '#engine/go/random.ts';

/** As many items, drawn with replacement by `seed`: about 63% of them at least once; all as they are where it is null. */
export function bagged<Item>(items: readonly Item[], seed: number | null): readonly Item[] {
  if (seed === null) return items;
  const rng = makeRng(seed);
  return items.map(() => items[rng.nextInt(items.length)]);
}
