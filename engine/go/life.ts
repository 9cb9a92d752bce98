/** Unconditional life: chains that cannot be captured even if their owner always passes (Benson 1976). */
import type { Board } from './board.ts';
import { BLACK, EMPTY, WHITE } from './color.ts';
import type { Color } from './color.ts';
import { connectedAreas, neighborsOf } from './neighbors.ts';

type Region = {
  readonly points: number[];
  /** Bordering chains of the colour. */
  readonly chains: Set<number>;
  /** Those to which the region is vital: each empty point of it is their liberty; with suicide, each point. */
  readonly vital: Set<number>;
};

/** Connected areas without stones of `color`, with the chains around them. */
function regionsOf(board: Board, color: Color, suicide: boolean): Region[] {
  const labels = board.stones.map((stone) => (stone === color ? 0 : 1));
  return connectedAreas(board.neighbors, labels).map((points) => {
    const chains = new Set<number>();
    let vital: Set<number> | null = null;
    for (const p of points) {
      const beside = new Set<number>();
      for (const q of neighborsOf(board.neighbors, p))
        if (board.stones[q] === color) beside.add(board.chainId(q));
      for (const chain of beside) chains.add(chain);
      // A side that may take its own stones off makes any point of the region empty again.
      if (suicide || board.stones[p] === EMPTY) vital = vital === null ? beside : vital.intersection(beside);
    }
    return { points, chains, vital: vital ?? new Set() };
  });
}

/**
 * @param suicide whether the rules allow it.
 * @returns uint8 [area]: 1 on pass-alive stones of `color` and on the regions where the opponent cannot live.
 */
function passAlive(board: Board, color: Color, suicide: boolean): Uint8Array {
  let regions = regionsOf(board, color, suicide);
  let chains = new Set(regions.flatMap((region) => [...region.chains]));
  for (;;) {
    const vitalCount = new Map<number, number>();
    for (const region of regions)
      for (const chain of region.vital) vitalCount.set(chain, (vitalCount.get(chain) ?? 0) + 1);
    const alive = new Set([...chains].filter((chain) => (vitalCount.get(chain) ?? 0) >= 2));
    const healthy = regions.filter((region) => region.chains.isSubsetOf(alive));
    if (alive.size === chains.size && healthy.length === regions.length) break;
    chains = alive;
    regions = healthy;
  }
  const result = new Uint8Array(board.area);
  for (let p = 0; p < board.area; p++)
    if (board.stones[p] === color && chains.has(board.chainId(p))) result[p] = 1;
  for (const region of regions) if (region.vital.size > 0) for (const p of region.points) result[p] = 1;
  return result;
}

/**
 * @param suicide whether the rules allow it, which makes fewer chains safe.
 * @returns int8 [area]: 1 where Black is pass-alive, -1 where White is, 0 elsewhere.
 */
export function passAliveArea(board: Board, suicide: boolean): Int8Array {
  const [black, white] = [passAlive(board, BLACK, suicide), passAlive(board, WHITE, suicide)];
  return Int8Array.from(black, (alive, p) => alive - white[p]);
}
