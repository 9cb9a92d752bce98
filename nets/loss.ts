/** What training minimises: policy cross-entropy, value and score regression, ownership, each with its weight. */
import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy, huberError, squaredError } from './ops/losses.ts';

export type Targets = {
  /** float32 [B, H * W + 1], rows sum to 1. */
  readonly policy: tf.Tensor2D;
  /** float32 [B, 1] in [-1, 1] for the side to move, and 1 where known, 0 where not. */
  readonly value: tf.Tensor2D;
  readonly valueKnown: tf.Tensor2D;
  /** float32 [B, 1] in units of `SCORE_SCALE` points, and whether it and the ownership are known. */
  readonly score: tf.Tensor2D;
  readonly areaKnown: tf.Tensor2D;
  /** float32 [B, H * W] in [-1, 1]. */
  readonly ownership: tf.Tensor2D;
  /** float32 [B, H * W]: 1 on the board. */
  readonly mask: tf.Tensor2D;
};

/**
 * Weights of the terms in the total. Policy and value alike as in AlphaGo Zero (Silver et al. 2017, eq. 1); score and
 * ownership lower, because they only help the trunk along. Our choice, not tuned.
 */
const LOSS_WEIGHTS = { policy: 1, value: 1, score: 0.2, ownership: 0.5 } as const;

export type Losses = Record<'policy' | 'value' | 'score' | 'ownership' | 'total', tf.Scalar>;

/** In units of `SCORE_SCALE` points, so 10 points: a miss beyond it pulls no harder, so that rare landslides do not drown the rest. Our choice. */
const HUBER_DELTA = 0.5;

/**
 * @param outputs of `buildModel`: logits [B, A], value [B, 1], score [B, 1], ownership [B, H * W].
 * @returns means over the samples where the target is known; the caller disposes.
 */
export function netLosses(outputs: readonly tf.Tensor[], targets: Targets): Losses {
  const [logits, value, score, ownership] = outputs;
  const policy = crossEntropy(logits as tf.Tensor2D, targets.policy);
  const valueLoss = squaredError(value, targets.value, targets.valueKnown);
  const scoreLoss = huberError(score, targets.score, targets.areaKnown, HUBER_DELTA);
  const onKnownBoard = tf.mul(targets.mask, targets.areaKnown);
  const ownershipLoss = squaredError(ownership, targets.ownership, onKnownBoard);
  const weighted = [
    tf.mul(policy, LOSS_WEIGHTS.policy),
    tf.mul(valueLoss, LOSS_WEIGHTS.value),
    tf.mul(scoreLoss, LOSS_WEIGHTS.score),
    tf.mul(ownershipLoss, LOSS_WEIGHTS.ownership),
  ];
  const total = tf.addN(weighted) as tf.Scalar;
  return { policy, value: valueLoss, score: scoreLoss, ownership: ownershipLoss, total };
}
