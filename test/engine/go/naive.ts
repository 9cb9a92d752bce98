/** A second, slow board for tests: a plain array, flood fill, and nothing remembered. */

function neighborsOf(p: number, width: number, height: number): number[] {
  const [x, y] = [p % width, Math.floor(p / width)];
  return [
    [x, y - 1],
    [x - 1, y],
    [x + 1, y],
    [x, y + 1],
  ]
    .filter(([u, v]) => u >= 0 && v >= 0 && u < width && v < height)
    .map(([u, v]) => v * width + u);
}

export function floodChain(
  stones: readonly number[],
  p: number,
  width: number,
  height: number,
): { chain: Set<number>; liberties: Set<number> } {
  const [chain, liberties] = [new Set([p]), new Set<number>()];
  for (const q of chain)
    for (const r of neighborsOf(q, width, height))
      if (stones[r] === stones[p]) chain.add(r);
      else if (stones[r] === 0) liberties.add(r);
  return { chain, liberties };
}

/** The stones after a move; opponent chains without liberties leave first, then the mover's own. */
export function naivePlay(
  stones: readonly number[],
  p: number,
  color: number,
  width: number,
  height: number,
): number[] {
  const after = [...stones];
  after[p] = color;
  for (const q of [...neighborsOf(p, width, height).filter((r) => after[r] === 3 - color), p]) {
    if (after[q] === 0) continue;
    const { chain, liberties } = floodChain(after, q, width, height);
    if (liberties.size === 0) for (const r of chain) after[r] = 0;
  }
  return after;
}

/**
 * Benson's algorithm with sets, as he states it: chains and regions are given up in rounds until none is.
 * @returns for each region of points without `color`: its points, whether only living chains are beside it, and how
 * many chains it is vital to; and the points of living chains.
 */
export function naiveLife(
  stones: readonly number[],
  color: number,
  suicide: boolean,
  width: number,
  height: number,
): { alive: Set<number>; regions: { points: Set<number>; isSafe: boolean; vitalChains: number }[] } {
  const headOf = (p: number): number => Math.min(...floodChain(stones, p, width, height).chain);
  const chainsBeside = (p: number): Set<number> =>
    new Set(
      neighborsOf(p, width, height)
        .filter((q) => stones[q] === color)
        .map(headOf),
    );
  const seen = new Set<number>();
  const all = stones.flatMap((stone, start) => {
    if (stone === color || seen.has(start)) return [];
    const points = new Set([start]);
    for (const p of points)
      for (const q of neighborsOf(p, width, height)) if (stones[q] !== color) points.add(q);
    for (const p of points) seen.add(p);
    const chains = [...points].reduce((sum, p) => sum.union(chainsBeside(p)), new Set<number>());
    const vital = [...points]
      .filter((p) => suicide || stones[p] === 0)
      .reduce((left, p) => left.intersection(chainsBeside(p)), chains);
    return [{ points, chains, vital }];
  });
  let chains = new Set(stones.flatMap((stone, p) => (stone === color ? [headOf(p)] : [])));
  let regions = all;
  for (;;) {
    const alive = new Set([...chains].filter((c) => regions.filter(({ vital }) => vital.has(c)).length >= 2));
    const safe = regions.filter((region) => region.chains.isSubsetOf(alive));
    if (alive.size === chains.size && safe.length === regions.length) break;
    [chains, regions] = [alive, safe];
  }
  return {
    alive: new Set(stones.flatMap((stone, p) => (stone === color && chains.has(headOf(p)) ? [p] : []))),
    regions: all.map((region) => ({
      points: region.points,
      isSafe: regions.includes(region),
      vitalChains: region.vital.size,
    })),
  };
}
