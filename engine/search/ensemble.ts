/** Several evaluators as one, whose opinion is their mean (Breiman 1996, bagging). */
import type { PositionView } from '#engine/go/view.ts';
import type { Evaluation, EvaluationBatch, Evaluator } from './evaluator.ts';
import { legalPolicy } from './legal-policy.ts';

/** Stands in for probability 0, whose logarithm is not finite. */
const LEAST_PROBABILITY = 1e-30;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** [length] the mean at each place. */
const meanArray = (arrays: readonly Float32Array[]): Float32Array =>
  arrays[0].map((_, i) => mean(arrays.map((array) => array[i])));

/**
 * The mean of opinions on one position: of probabilities over its legal moves, and of values, scores and owners; the score's
 * deviation is that of the mixture. What one of them has no opinion on the mean has none on.
 * @param evaluations one or more.
 */
export function meanEvaluation(
  evaluations: readonly Evaluation[],
  position: Pick<PositionView, 'isLegal'>,
): Evaluation {
  const policies = evaluations.map(({ policyLogits }) => legalPolicy(policyLogits, position));
  const score = mean(evaluations.map(({ scoreToPlay }) => scoreToPlay));
  const squares = evaluations.map(({ scoreToPlay, scoreStdev }) => scoreToPlay ** 2 + scoreStdev ** 2);
  const owners = evaluations.flatMap(({ ownershipToPlay }) =>
    ownershipToPlay === null ? [] : [ownershipToPlay],
  );
  return {
    policyLogits: meanArray(policies).map((probability) =>
      Math.log(Math.max(probability, LEAST_PROBABILITY)),
    ),
    valueToPlay: mean(evaluations.map(({ valueToPlay }) => valueToPlay)),
    scoreToPlay: score,
    scoreStdev: Math.sqrt(Math.max(0, mean(squares) - score ** 2)),
    ownershipToPlay: owners.length < evaluations.length ? null : meanArray(owners),
  };
}

/** @param members one or more; they stay the caller's. */
export function ensembleEvaluator(members: readonly Evaluator[]): Evaluator {
  if (members.length === 1) return members[0];
  const newBatch = (): EvaluationBatch => {
    const batches = members.map((member) => member.newBatch());
    /** Of each position, whether a move is legal; it may be another by the time it is evaluated. */
    let legal: boolean[][] = [];
    return {
      get size() {
        return legal.length;
      },
      add: (position, symmetry) => {
        legal.push(Array.from({ length: position.board.area + 1 }, (_, move) => position.isLegal(move)));
        for (const batch of batches) batch.add(position, symmetry);
      },
      evaluate: async () => {
        const positions = legal;
        legal = [];
        const opinions = await Promise.all(batches.map((batch) => batch.evaluate()));
        return positions.map((moves, i) =>
          meanEvaluation(
            opinions.map((of) => of[i]),
            { isLegal: (move) => moves[move] },
          ),
        );
      },
    };
  };
  return {
    maxBatch: Math.min(...members.map(({ maxBatch }) => maxBatch)),
    lanes: Math.min(...members.map(({ lanes }) => lanes)),
    newBatch,
  };
}
