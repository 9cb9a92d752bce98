/** What training minimises: policy and reply cross-entropy, value and score regression, ownership, each with its weight, and those of auxiliary heads. */
import * as tf from '@tensorflow/tfjs-core';
import type { BoardOutputs } from './architectures/net.ts';
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

/** Of the losses of each auxiliary head in the total (Szegedy et al. 2015, section 5). */
export const AUXILIARY_SHARE = 0.3;

/**
 * The terms by name, the reply where there is a head for it and the sum over auxiliary heads, each its policy and value
 * with their weights, where there are any; and all of it with weights.
 */
export type Losses = Record<'policy' | 'value' | 'score' | 'ownership' | 'total', tf.Scalar> & {
  reply?: tf.Scalar;
  auxiliary?: tf.Scalar;
};

/** What a net says of a batch, see `BoardOutputs`. */
export type BoardTensors = Omit<BoardOutputs<tf.Tensor>, 'stdev'>;

/** In units of `SCORE_SCALE` points, so 10 points: a miss beyond it pulls no harder, so that rare landslides do not drown the rest. Our choice. */
const HUBER_DELTA = 0.5;

/** Mean cross-entropy over the rows of `target` that are not all 0. */
function knownCrossEntropy(logits: tf.Tensor2D, target: tf.Tensor2D): tf.Scalar {
  const share = tf.div(tf.maximum(tf.sum(target), 1), target.shape[0]);
  return tf.div(crossEntropy(logits, target), share);
}

/** How many answers each term is the mean of that is not of every sample; of ownership points, not boards. The caller disposes. */
export function knownAnswers(targets: Targets): Record<'value' | 'score' | 'ownership' | 'reply', tf.Scalar> {
  return {
    value: tf.sum(targets.valueKnown),
    score: tf.sum(targets.scoreKnown),
    ownership: tf.sum(tf.mul(targets.mask, targets.ownershipKnown)),
    reply: tf.sum(targets.reply),
  };
}

/** @returns means over the samples where the target is known, 0 where it is of none; the caller disposes. */
export function netLosses(
  { policy, value, score, ownership, reply, auxiliary }: BoardTensors,
  targets: Targets,
  weights: LossWeights = LOSS_WEIGHTS,
): Losses {
  const policyLoss = (logits: tf.Tensor): tf.Scalar => crossEntropy(logits as tf.Tensor2D, targets.policy);
  const valueLoss = (of: tf.Tensor): tf.Scalar => squaredError(of, targets.value, targets.valueKnown);
  const onKnownBoard = tf.mul(targets.mask, targets.ownershipKnown);
  const terms = {
    policy: policyLoss(policy),
    value: valueLoss(value),
    score: huberError(score, targets.score, targets.scoreKnown, HUBER_DELTA),
    ownership: squaredError(ownership, targets.ownership, onKnownBoard),
    ...(reply === null ? {} : { reply: knownCrossEntropy(reply as tf.Tensor2D, targets.reply) }),
  };
  const weighted = Object.entries(terms).map(([name, term]) =>
    tf.mul(term, weights[name as keyof LossWeights]),
  );
  if (auxiliary.length === 0) return { ...terms, total: tf.addN(weighted) as tf.Scalar };
  const ofTaps = auxiliary.flatMap((tap) => [
    tf.mul(policyLoss(tap.policy), weights.policy),
    tf.mul(valueLoss(tap.value), weights.value),
  ]);
  const sum = tf.addN(ofTaps) as tf.Scalar;
  const total = tf.addN([...weighted, tf.mul(sum, AUXILIARY_SHARE)]) as tf.Scalar;
  return { ...terms, auxiliary: sum, total };
}
