/** Positions of held-out games as an exam, which asks what `net eval` asks: the move among the legal ones, and who wins. */
import * as tf from '@tensorflow/tfjs-core';
import { batchOutputs } from '#nets/batch.ts';
import { FEATURE_SETS } from '#nets/features/feature-set.ts';
import type { FeatureSet } from '#nets/features/feature-set.ts';
import { crossEntropy, squaredError } from '#nets/ops/losses.ts';
import type { NetSpec } from '#nets/spec.ts';
import { makeBatch } from '../example.ts';
import { askedExample } from '../record-positions.ts';
import type { AskedPosition } from '../record-positions.ts';
import { pieces } from '../spread.ts';
import { Exam } from './exam.ts';
import type { ExamBatch } from './exam.ts';

/** Positions in a batch; any number gives the same means. */
const AT_ONCE = 128;

/** Added to the logits of illegal moves: far below what any weights make of legal ones, and finite. */
const ILLEGAL = -1e30;

export function boardExam(spec: NetSpec, asked: readonly AskedPosition[]): Exam {
  const bySize = Map.groupBy(asked, ({ position: { board } }) => `${board.width} x ${board.height}`);
  const batches = [...bySize.values()].flatMap((ofSize) => pieces(ofSize, AT_ONCE));
  return new Exam(batches.map((batch) => boardBatch(FEATURE_SETS[spec.featureSet], batch)));
}

/** @param asked of one board size, whose moves are therefore the indices of the logits. */
function boardBatch(features: FeatureSet, asked: readonly AskedPosition[]): ExamBatch {
  const batch = makeBatch(asked.map((one) => askedExample(one, features)));
  const { policy, value, valueKnown } = batch.targets;
  const illegal = tf.tensor2d(
    asked.flatMap(({ position }) =>
      Array.from({ length: policy.shape[1] }, (_, move) => (position.isLegal(move) ? 0 : ILLEGAL)),
    ),
    policy.shape,
  );
  const known = asked.filter(({ outcomeBlack }) => outcomeBlack !== null).length;
  return {
    tensors: [batch.planes, batch.globals, illegal, ...Object.values(batch.targets)],
    counts: { policy: asked.length, value: known },
    losses: (model) => {
      const outputs = batchOutputs(model, batch, { training: false });
      return {
        policy: crossEntropy(tf.add(outputs.policy, illegal), policy),
        value: squaredError(outputs.value, value, valueKnown),
      };
    },
  };
}
