/** The evaluation of a root, the mean over several symmetries. */
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import type { Rng } from '#engine/go/random.ts';
import type { PositionView } from '#engine/go/view.ts';
import { evaluateAll } from './evaluator.ts';
import type { Evaluation, Evaluator } from './evaluator.ts';
import { legalPolicy } from './legal-policy.ts';

/** Probabilities below this are taken for it where the mean becomes logits again: e ** -20. Our choice. */
const LEAST_PROBABILITY = 2e-9;

/** `count` different symmetries, the identity first where nothing is drawn. */
export function drawSymmetries(count: number, random: boolean, rng: Rng): number[] {
  const left = Array.from({ length: SYMMETRY_COUNT }, (_, symmetry) => symmetry);
  return Array.from({ length: count }, () => left.splice(random ? rng.nextInt(left.length) : 0, 1)[0]);
}

/**
 * Means over evaluations of the position under `symmetries`; of policies as probabilities (KataGo's rootNumSymmetriesToSample).
 * The deviation of the score contains that between the symmetries.
 */
export async function evaluateRoot(
  evaluator: Evaluator,
  position: PositionView,
  symmetries: readonly number[],
): Promise<Evaluation> {
  const evaluations = await evaluateAll(
    evaluator,
    symmetries.map((symmetry) => ({ position, symmetry })),
  );
  if (evaluations.length === 1) return evaluations[0];
  const mean = (of: (evaluation: Evaluation) => number): number =>
    evaluations.reduce((sum, evaluation) => sum + of(evaluation), 0) / evaluations.length;
  const policies = evaluations.map(({ policyLogits }) => legalPolicy(policyLogits, position));
  const ownerships = evaluations.map(({ ownershipToPlay }) => ownershipToPlay);
  const scoreToPlay = mean((evaluation) => evaluation.scoreToPlay);
  const scoreSquare = mean((evaluation) => evaluation.scoreToPlay ** 2 + evaluation.scoreStdev ** 2);
  return {
    policyLogits: policies[0].map((_, move) =>
      Math.log(
        Math.max(
          LEAST_PROBABILITY,
          policies.reduce((sum, policy) => sum + policy[move], 0) / policies.length,
        ),
      ),
    ),
    valueToPlay: mean((evaluation) => evaluation.valueToPlay),
    scoreToPlay,
    scoreStdev: Math.sqrt(Math.max(0, scoreSquare - scoreToPlay ** 2)),
    ownershipToPlay:
      ownerships[0]?.map(
        (_, p) => ownerships.reduce((sum, owner) => sum + (owner?.[p] ?? 0), 0) / ownerships.length,
      ) ?? null,
  };
}
