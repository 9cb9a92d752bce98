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
