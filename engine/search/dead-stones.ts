/** Which stones are dead, from who is expected to own each point: what players agree on when a game is over. */
import type { Board } from '#engine/go/board.ts';
import { EMPTY, signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { passAliveArea } from '#engine/go/life.ts';
import type { PositionView } from '#engine/go/view.ts';

/** Mean ownership of a chain's points, for its own colour, below which it is dead: lost seven times in ten. Our choice: seki and dame lie near 0. */
const DEAD_BELOW = -0.4;

/**
 * Whole chains that the other side will own, and all that stand in its pass-alive area; never a pass-alive chain.
 * @param ownershipBlack [width * height] in [-1, 1]; null where nobody knows, so that only proof counts.
 * @returns points in order.
 */
export function deadStones(
  position: Pick<PositionView, 'board' | 'rules'>,
  ownershipBlack: ArrayLike<number> | null,
): number[] {
  const { board, rules } = position;
  const alive = passAliveArea(board, rules.suicide);
  const dead: number[] = [];
  const seen = new Set<number>();
  for (let p = 0; p < board.area; p++) {
    const chain = board.chainId(p);
    if (board.stones[p] === EMPTY || seen.has(chain)) continue;
    seen.add(chain);
    const sign = signFor(board.stones[p] as Color);
    const isDead =
      alive[p] === 0 ? sign * chainOwnership(board, p, ownershipBlack) < DEAD_BELOW : alive[p] !== sign;
    if (isDead) dead.push(...board.chainStones(p));
  }
  return dead.sort((a, b) => a - b);
}

/** Mean over the chain at `point`, for Black; 0 where nobody knows. */
export function chainOwnership(
  board: Board,
  point: number,
  ownershipBlack: ArrayLike<number> | null,
): number {
  if (ownershipBlack === null) return 0;
  const stones = board.chainStones(point);
  return stones.reduce((sum, p) => sum + ownershipBlack[p], 0) / stones.length;
}
