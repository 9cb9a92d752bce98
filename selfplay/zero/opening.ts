/** First moves of a game drawn from the policy alone, so that games differ before any search sees them. */
import { drawIndex } from '#engine/go/draws.ts';
import type { Position } from '#engine/go/position.ts';
import type { Rng } from '#engine/go/random.ts';
import { SYMMETRY_COUNT } from '#engine/go/symmetry.ts';
import type { Move } from '#engine/go/view.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import type { Evaluator } from '#engine/search/evaluator.ts';
import { legalPolicy } from '#engine/search/legal-policy.ts';

/** A move with probability policy ** (1 / temperature); a pass only where nothing else is legal. */
export async function openingMove(
  evaluator: Evaluator,
  position: Position,
  temperature: number,
  rng: Rng,
): Promise<Move> {
  const symmetry = rng.nextInt(SYMMETRY_COUNT);
  const [{ policyLogits }] = await evaluateAll(evaluator, [{ position, symmetry }]);
  const tempered = policyLogits.map((logit) => logit / temperature);
  // Far below any other move, but above those that are not legal.
  tempered[position.passMove] = tempered.reduce((a, b) => Math.min(a, b)) - 1000;
  return drawIndex(legalPolicy(tempered, position), rng);
}
