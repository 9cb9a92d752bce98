/** The one thing search knows about networks. */
import type { PositionView } from '#engine/go/view.ts';

/** Everything is from the side to move. A = width * height + 1 moves; the last is pass. */
export type Evaluation = {
  /** float32 [A], before softmax; entries of illegal moves are meaningless. */
  readonly policyLogits: Float32Array;
  /** Expected outcome, win minus loss, in [-1, 1]. */
  readonly valueToPlay: number;
  /** Expected final score in points, komi included; NaN where the evaluator has none. */
  readonly scoreToPlay: number;
  /** Standard deviation of the final score in points; NaN where the evaluator has none. */
  readonly scoreStdev: number;
  /** float32 [width * height] in [-1, 1], 1 = will belong to the side to move; null where the evaluator has none. */
  readonly ownershipToPlay: Float32Array | null;
};

/** Positions gathered to be evaluated together. */
export interface EvaluationBatch {
  /** Positions added since the batch was last evaluated. */
  readonly size: number;
  /**
   * Reads the position before it returns: the caller may change it (play on, undo) afterwards.
   * @param symmetry 0..7, applied to the board before the net sees it and undone on its outputs (see engine/go/symmetry.ts).
   */
  add(position: PositionView, symmetry: number): void;
  /** Evaluations in the order of `add`; the batch is then empty and may be filled again. */
  evaluate(): Promise<Evaluation[]>;
}

export interface Evaluator {
  /** Largest useful batch; larger ones are refused. */
  readonly maxBatch: number;
  /** Batches that may usefully be under evaluation at once; 1 = none in parallel. */
  readonly lanes: number;
  newBatch(): EvaluationBatch;
}

export type EvaluationRequest = { readonly position: PositionView; readonly symmetry: number };

/** Evaluates what is at hand, in as many batches as it takes. @returns evaluations in the order of the requests. */
export async function evaluateAll(
  evaluator: Evaluator,
  requests: readonly EvaluationRequest[],
): Promise<Evaluation[]> {
  const batch = evaluator.newBatch();
  const evaluations: Evaluation[] = [];
  for (let from = 0; from < requests.length; from += evaluator.maxBatch) {
    for (const { position, symmetry } of requests.slice(from, from + evaluator.maxBatch))
      batch.add(position, symmetry);
    evaluations.push(...(await batch.evaluate()));
  }
  return evaluations;
}

/** An evaluator that computes each evaluation at once, when its position is added. */
export function immediateEvaluator(
  maxBatch: number,
  evaluateOne: (position: PositionView, symmetry: number) => Evaluation,
): Evaluator {
  const newBatch = (): EvaluationBatch => {
    let evaluations: Evaluation[] = [];
    return {
      get size() {
        return evaluations.length;
      },
      add: (position, symmetry) => {
        if (evaluations.length === maxBatch) throw new Error(`internal: a batch of more than ${maxBatch}`);
        evaluations.push(evaluateOne(position, symmetry));
      },
      evaluate: () => {
        const full = evaluations;
        evaluations = [];
        return Promise.resolve(full);
      },
    };
  };
  return { maxBatch, lanes: 1, newBatch };
}

/** `inner`, whose batches are evaluated by `around`, which calls `evaluate` when it will. @param around gets the size of the batch too. */
export function aroundEvaluation(
  inner: Evaluator,
  around: (evaluate: () => Promise<Evaluation[]>, size: number) => Promise<Evaluation[]>,
): Evaluator {
  const newBatch = (): EvaluationBatch => {
    const batch = inner.newBatch();
    return {
      get size() {
        return batch.size;
      },
      add: (position, symmetry) => batch.add(position, symmetry),
      evaluate: () => around(() => batch.evaluate(), batch.size),
    };
  };
  return { ...inner, newBatch };
}
