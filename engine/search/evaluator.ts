/** The one thing search knows about networks. */
import type { PositionView } from '#engine/go/view.ts';

/** Everything is from the side to move. A = width * height + 1 moves; the last is pass. */
export type Evaluation = {
  /** float32 [A], before softmax; entries of illegal moves are meaningless. */
  readonly policyLogits: Float32Array;
  /** Expected outcome in [-1, 1]. */
  readonly valueToPlay: number;
  /** Expected final score in points, komi included; NaN where the evaluator has none. */
  readonly scoreToPlay: number;
  /** float32 [width * height] in [-1, 1], 1 = will belong to the side to move; null where the evaluator has none. */
  readonly ownershipToPlay: Float32Array | null;
};

export type EvaluationRequest = {
  /** A snapshot: the evaluator may read it until its promise settles. */
  readonly position: PositionView;
  /** Symmetry 0..7 applied to the board before the net sees it and undone on its outputs (see engine/go/symmetry.ts). */
  readonly symmetry: number;
};

export interface Evaluator {
  /** Largest useful batch. */
  readonly maxBatch: number;
  evaluate(batch: readonly EvaluationRequest[]): Promise<Evaluation[]>;
}
