/** An evaluator without a net: one light playout a position for its value, equal priors for its moves. */
import { EMPTY, signFor } from '#engine/go/color.ts';
import { isEye } from '#engine/go/eyes.ts';
import { playout, pointOwner } from '#engine/go/playout.ts';
import { makeRng } from '#engine/go/random.ts';
import { whiteBonus } from '#engine/go/scoring.ts';
import type { PositionView } from '#engine/go/view.ts';
import { immediateEvaluator } from './evaluator.ts';
import type { Evaluation, Evaluator } from './evaluator.ts';

/** e ** -20: never chosen before every other move has been. */
const NEVER_LOGIT = -20;

/** Playouts behind an estimate of who owns each point: a standard error of at most 0.05 a point. */
export const OWNERSHIP_PLAYOUTS = 400;

/**
 * Plays `count` light playouts from `position`, counted by area whatever the rules say: playouts fill territory.
 * @returns means from the side of Black: outcome in [-1, 1], points with komi, and float32 [width * height] ownership.
 */
export function playOut(
  position: PositionView,
  count: number,
  seed: number,
): { valueBlack: number; scoreBlack: number; ownershipBlack: Float32Array } {
  const rng = makeRng(seed);
  const komi = whiteBonus(position.rules, position.handicap);
  const ownershipBlack = new Float32Array(position.board.area);
  let value = 0;
  let score = 0;
  for (let i = 0; i < count; i++) {
    const board = position.board.clone();
    const points = playout(board, position.toPlay, rng) - komi;
    value += Math.sign(points);
    score += points;
    for (let p = 0; p < board.area; p++) {
      const owner = pointOwner(board, p);
      if (owner !== EMPTY) ownershipBlack[p] += signFor(owner);
    }
  }
  return {
    valueBlack: value / count,
    scoreBlack: score / count,
    ownershipBlack: ownershipBlack.map((sum) => sum / count),
  };
}

/**
 * The value of a position is the result of one playout, drawn from a generator seeded by `seed` and the position itself:
 * so the order and the batches in which positions come change nothing.
 */
export function playoutEvaluator({ seed }: { readonly seed: number }): Evaluator {
  const evaluateOne = (position: PositionView): Evaluation => {
    const { board, toPlay } = position;
    const sign = signFor(toPlay);
    const key = board.hashLo ^ Math.imul(position.moveNumber * 2 + toPlay, 0x9e3779b1) ^ seed;
    const { valueBlack, scoreBlack } = playOut(position, 1, key);
    const policyLogits = new Float32Array(board.area + 1);
    for (let p = 0; p < board.area; p++)
      if (board.stones[p] === EMPTY && isEye(board, p, toPlay)) policyLogits[p] = NEVER_LOGIT;
    return {
      policyLogits,
      valueToPlay: sign * valueBlack,
      scoreToPlay: sign * scoreBlack,
      scoreStdev: NaN,
      // One playout owns every point for certain, and is wrong as often as not.
      ownershipToPlay: null,
    };
  };
  return immediateEvaluator(1, evaluateOne);
}
