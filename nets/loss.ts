/** What training minimises: policy and reply cross-entropy, value and score regression, ownership, each with its weight. */
import * as tf from '@tensorflow/tfjs-core';
import { crossEntropy, huberError, squaredError } from './ops/losses.ts';

export type Targets = {
  /** float32 [B, H * W + 1], rows sum to 1. */
  readonly policy: tf.Tensor2D;
  /** float32 [B, H * W + 1]: of the opponent's next move; rows of zeros where it is not known. */
  readonly reply: tf.Tensor2D;
  /** float32 [B, 1] in [-1, 1] for the side to move, and 1 where known, 0 where not. */
  readonly value: tf.Tensor2D;
  readonly valueKnown: tf.Tensor2D;
  /** float32 [B, 1] in units of `SCORE_SCALE` points, and 1 where known, 0 where not. */
  readonly score: tf.Tensor2D;
  readonly scoreKnown: tf.Tensor2D;
  /** float32 [B, H * W] in [-1, 1], and [B, 1] 1 where known, 0 where not. */
  readonly ownership: tf.Tensor2D;
  readonly ownershipKnown: tf.Tensor2D;
  /** float32 [B, H * W]: 1 on the board. */
  readonly mask: tf.Tensor2D;
};

export type LossWeights = Readonly<Record<'policy' | 'value' | 'score' | 'ownership' | 'reply', number>>;

/**
 * Weights of the terms in the total. Policy and value alike as in AlphaGo Zero (Silver et al. 2017, eq. 1); score and
 * ownership lower, because they only help the trunk along: our choice, not tuned. Reply as in KataGo (Wu 2019, appendix B).
 */
export const LOSS_WEIGHTS: LossWeights = { policy: 1, value: 1, score: 0.2, ownership: 0.5, reply: 0.15 };

/** The terms by name, the reply where there is a head for it, and their weighted sum. */
export type Losses = Record<'policy' | 'value' | 'score' | 'ownership' | 'total', tf.Scalar> & {
  reply?: tf.Scalar;
};

/** In units of `SCORE_SCALE` points, so 10 points: a miss beyond it pulls no harder, so that rare landslides do not drown the rest. Our choice. */
const HUBER_DELTA = 0.5;

/** Mean cross-entropy over the rows of `target` that are not all 0. */
function knownCrossEntropy(logits: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar {
  const share = tf.div(tf.maximum(tf.sum(target), 1), target.shape[0]);
  return tf.div(crossEntropy(logits, target), share);
}

/**
 * @param outputs logits [B, A], value [B, 1], score [B, 1], ownership [B, H * W] and, where there is a head for it, logits
 * of the reply [B, A].
 * @returns means over the samples where the target is known; the caller disposes.
 */
export function netLosses(
  outputs: readonly tf.Tensor[],
  targets: Targets,
  weights: LossWeights = LOSS_WEIGHTS,
): Losses {
  const [logits, value, score, ownership, reply] = outputs;
  const onKnownBoard = tf.mul(targets.mask, targets.ownershipKnown);
  const terms = {
    policy: crossEntropy(logits as tf.Tensor2D, targets.policy),
    value: squaredError(value, targets.value, targets.valueKnown),
    score: huberError(score, targets.score, targets.scoreKnown, HUBER_DELTA),
    ownership: squaredError(ownership, targets.ownership, onKnownBoard),
    ...(reply === undefined ? {} : { reply: knownCrossEntropy(reply as tf.Tensor2D, targets.reply) }),
  };
  const weighted = Object.entries(terms).map(([name, term]) =>
    tf.mul(term, weights[name as keyof LossWeights]),
  );
  return { ...terms, total: tf.addN(weighted) as tf.Scalar };
}
