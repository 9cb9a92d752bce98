/** Who will own each point in the opinion of an evaluator, asked under several symmetries because one alone errs. */
import { signFor } from '#engine/go/color.ts';
import type { PositionView } from '#engine/go/view.ts';
import { evaluateAll } from './evaluator.ts';
import type { Evaluator } from './evaluator.ts';

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
