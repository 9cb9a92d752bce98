/** Moves that cost a point where territory counts: into what is settled, whoever owns it. */
import { EMPTY, signFor } from '#engine/go/color.ts';
import type { PositionCursor } from '#engine/go/cursor.ts';
import type { Move } from '#engine/go/view.ts';
import { END_SYMMETRIES, meanOwnershipBlack } from './mean-ownership.ts';
import type { Evaluator } from './evaluator.ts';

/** Mean ownership beyond which a point is as good as owned. KataGo's, of its bonuses for the end of a game. */
const OWNED = 0.95;

/**
 * Empty points in territory that stays the mover's if he passes, or that is the other side's though he moves, with the
 * points beside them. A stone there gains nothing and costs a point, of which a net that learned under area rules knows
 * nothing. What still has to be answered or captured is not so sure once the other side may move first.
 * @param cursor at the root, where it is left. @param ownershipBlack the root's evaluation.
 */
export async function fillingMoves(
  evaluator: Evaluator,
  cursor: PositionCursor,
  ownershipBlack: Float32Array,
): Promise<ReadonlySet<Move>> {
  const { board, toPlay } = cursor;
  const own = signFor(toPlay);
  const within = (owners: Float32Array, sign: number): Move[] =>
    Array.from(board.stones.keys()).filter(
      (p) =>
        board.stones[p] === EMPTY &&
        [p, ...board.neighbors.subarray(4 * p, 4 * p + 4)].every((q) => q < 0 || sign * owners[q] > OWNED),
    );
  const hopeless = within(ownershipBlack, -own);
  if (within(ownershipBlack, own).length === 0) return new Set(hopeless);
  cursor.play(board.area);
  const passed = await meanOwnershipBlack(evaluator, cursor, END_SYMMETRIES);
  cursor.undo();
  return new Set(passed === null ? hopeless : [...hopeless, ...within(passed, own)]);
}
