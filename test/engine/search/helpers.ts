/** Evaluators and positions for tests of the search. */
import type { Position } from '#engine/go/position.ts';
import type { PositionView } from '#engine/go/view.ts';
import { aroundEvaluation, immediateEvaluator } from '#engine/search/evaluator.ts';
import type { Evaluation, Evaluator } from '#engine/search/evaluator.ts';
import type { Move } from '#engine/go/view.ts';

/** Values and logits computed from the hash of the stones: arbitrary, but the same for the same position. */
export function hashEvaluator(
  maxBatch: number,
  onBatch: (size: number) => void = () => undefined,
): Evaluator {
  const unit = (n: number): number => ((Math.imul(n, 0x9e3779b1) >>> 0) / 2 ** 32) * 2 - 1;
  const evaluateOne = ({ board, toPlay }: PositionView): Evaluation => ({
    policyLogits: Float32Array.from({ length: board.area + 1 }, (_, move) =>
      unit(board.hashLo + 977 * move + toPlay),
    ),
    valueToPlay: 0.8 * unit(board.hashHi + toPlay),
    scoreToPlay: 10 * unit(board.hashLo + toPlay),
    scoreStdev: NaN,
    ownershipToPlay: null,
  });
  // Where `onBatch` throws, the evaluation fails.
  return aroundEvaluation(immediateEvaluator(maxBatch, evaluateOne), async (evaluate, size) => {
    onBatch(size);
    return evaluate();
  });
}

export function played(position: Position, ...moves: Move[]): Position {
  return moves.reduce((now, move) => {
    const next = now.play(move);
    if (!next.ok) throw new Error(`test plays an illegal move: ${next.reason}`);
    return next.position;
  }, position);
}
