/** Which stones of a finished board are dead, judged by light playouts where there is no net to ask. */
import { BLACK, EMPTY, WHITE, opponent, type Color } from '#engine/go/color.ts';
import { passAlive } from '#engine/go/life.ts';
import { playout, pointOwner } from '#engine/go/playout.ts';
import type { Rng } from '#engine/go/random.ts';
import type { PositionView } from '#engine/go/view.ts';

const PLAYOUTS = 200;
/** Share of playouts in which a stone's point must end up the opponent's; 0.7 leaves seki and dame alone. */
const DEAD_SHARE = 0.7;

/** Points of dead stones, whole chains at a time; never a chain that is alive by Benson's test. */
export function deadStones(position: PositionView, rng: Rng): number[] {
  const { board } = position;
  /** [3][area], how often each point ended as each colour. */
  const ended = [EMPTY, BLACK, WHITE].map(() => new Uint16Array(board.area));
  for (let i = 0; i < PLAYOUTS; i++) {
    const copy = board.clone();
    playout(copy, i % 2 === 0 ? BLACK : WHITE, rng);
    for (let p = 0; p < board.area; p++) ended[pointOwner(copy, p)][p]++;
  }
  const alive = [BLACK, WHITE].map((color) => passAlive(board, color as Color));
  return [...board.stones.keys()].filter((p) => {
    const color = board.stones[p] as 0 | Color;
    if (color === EMPTY || alive[color - 1][p] !== 0) return false;
    const chain = board.chainStones(p);
    const lost = chain.reduce((sum, q) => sum + ended[opponent(color)][q], 0);
    return lost > DEAD_SHARE * PLAYOUTS * chain.length;
  });
}
