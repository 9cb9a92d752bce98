/** Positions of Go as a lesson: policy, value, score, ownership and the opponent's reply. */
import * as tf from '@tensorflow/tfjs-core';
import { batchOutputs, disposeBatch } from '#nets/batch.ts';
import type { Batch } from '#nets/batch.ts';
import { knownAnswers, netLosses } from '#nets/loss.ts';
import type { NetSpec } from '#nets/spec.ts';
import { hitShare, smoothed } from './answers.ts';
import type { LearnerConfig } from './learner-config.ts';
import { trainingBy } from './lesson.ts';
import type { Lesson } from './lesson.ts';

/** The net with the heads that its losses need. */
export function trainedSpec(spec: NetSpec, { lossWeights }: Pick<LearnerConfig, 'lossWeights'>): NetSpec {
  const { heads } = spec;
  return heads.kind === 'katago' ? spec : { ...spec, heads: { ...heads, reply: lossWeights.reply > 0 } };
}

/** @param batch disposed with the lesson. */
export function boardLesson(
  batch: Batch,
  { lossWeights, labelSmoothing }: Pick<LearnerConfig, 'lossWeights' | 'labelSmoothing'>,
): Lesson {
  const { planes, globals, fullBoards } = batch;
  const { policy, mask } = batch.targets;
  return {
    size: policy.shape[0],
    losses: (model, seed) => {
      const targets = { ...batch.targets, policy: smoothed(policy, withPass(mask), labelSmoothing) };
      return netLosses(batchOutputs(model, batch, trainingBy(seed)), targets, lossWeights);
    },
    measures: (model) => {
      const outputs = batchOutputs(model, batch, { training: false });
      const { total: _total, ...losses } = netLosses(
        { ...outputs, auxiliary: [] },
        batch.targets,
        lossWeights,
      );
      return { ...losses, accuracy: hitShare(outputs.policy, policy) };
    },
    known: () => knownAnswers(batch.targets),
    weights: lossWeights,
    inputs: { planes, globals },
    fullBoards,
    answers: policy,
    logits: (model, applied) => batchOutputs(model, batch, applied ?? {}).policy as tf.Tensor2D,
    dispose: () => disposeBatch(batch),
  };
}

/** [B, H * W + 1]: 1 where there is a move on the board, or pass. */
const withPass = (mask: tf.Tensor2D): tf.Tensor2D => tf.concat([mask, tf.ones([mask.shape[0], 1])], 1);
