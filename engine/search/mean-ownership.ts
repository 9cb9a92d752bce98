/** Who owns each point in the opinion of an evaluator, later on or where the game ends, asked under several symmetries because one alone errs. */
import { BLACK, WHITE, signFor } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import type { PositionView } from '#engine/go/view.ts';
import { evaluateAll } from './evaluator.ts';
import type { Evaluator } from './evaluator.ts';

/** Under which a search judges the end of a game: two turns and two mirror images. */
export const END_SYMMETRIES = [0, 3, 5, 6];

/** @returns the mean, float32 [width * height] in [-1, 1] from Black's side; null where the evaluator has no opinion. */
export async function meanOwnershipBlack(
  evaluator: Evaluator,
  position: PositionView,
  symmetries: readonly number[],
): Promise<Float32Array | null> {
  const sum = new Float32Array(position.board.area);
  const evaluations = await evaluateAll(
    evaluator,
    symmetries.map((symmetry) => ({ position, symmetry })),
  );
  for (const { ownershipToPlay } of evaluations) {
    if (ownershipToPlay === null) return null;
    for (let p = 0; p < sum.length; p++) sum[p] += ownershipToPlay[p];
  }
  return sum.map((owner) => (signFor(position.toPlay) * owner) / symmetries.length);
}

/**
 * The same where the game ends with this board, whosever turn it is and whoever has passed: nobody has to move then. So both
 * sides are asked as the one to move. A stone belongs to its own side as far as the better of the two answers says, since a
 * side that does well to pass may; an empty point goes by the mean.
 */
export async function endOwnershipBlack(
  evaluator: Evaluator,
  position: Position,
  symmetries: readonly number[],
): Promise<Float32Array | null> {
  const [byBlack, byWhite] = [
    await meanOwnershipBlack(evaluator, position.resume(BLACK), symmetries),
    await meanOwnershipBlack(evaluator, position.resume(WHITE), symmetries),
  ];
  if (byBlack === null || byWhite === null) return null;
  return byBlack.map((owner, p) => {
    const stone = position.board.stones[p];
    if (stone === BLACK) return Math.max(owner, byWhite[p]);
    return stone === WHITE ? Math.min(owner, byWhite[p]) : (owner + byWhite[p]) / 2;
  });
}
