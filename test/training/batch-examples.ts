/** Examples out of one batch of tensors. */
import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '#nets/batch.ts';
import { boardLesson } from '#training/board-lesson.ts';
import { LearnerConfig } from '#training/learner-config.ts';
import type { Examples } from '#training/task.ts';

const { lossWeights, labelSmoothing } = LearnerConfig.parse({});

/** Those of the batch with these numbers, in this order. The batch is the caller's. */
export const examplesOf = (batch: Batch, order: readonly number[]): Examples => ({
  count: order.length,
  lesson: (indices) => {
    const rows = indices.map((i) => order[i]);
    const gather = <T extends tf.Tensor>(tensor: T): T => tf.gather(tensor, tf.tensor1d(rows, 'int32')) as T;
    const targets = Object.entries(batch.targets).map(([name, target]) => [name, gather(target)] as const);
    const some = {
      ...batch,
      planes: gather(batch.planes),
      globals: gather(batch.globals),
      targets: Object.fromEntries(targets) as Batch['targets'],
    };
    return boardLesson(some, { lossWeights, labelSmoothing });
  },
});
