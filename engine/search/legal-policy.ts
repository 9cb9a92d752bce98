/** What an evaluator's logits mean where they are read without a search. */
import type { PositionView } from '#engine/go/view.ts';

/** Softmax over the legal moves, float32 [A]; 0 elsewhere. @param logits float32 [A]. */
export function legalPolicy(logits: Float32Array, position: Pick<PositionView, 'isLegal'>): Float32Array {
  const legal = logits.map((logit, move) => (position.isLegal(move) ? logit : -Infinity));
  const most = legal.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = legal.map((logit) => Math.exp(logit - most));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}
