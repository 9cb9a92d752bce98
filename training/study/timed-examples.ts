/** Examples that nets are tested by, to time them with: solving an equation takes longer for some than for others. */
import * as tf from '@tensorflow/tfjs-core';
import { arraysOf } from '#nets/convert.ts';
import { TIMED_BATCH } from '#nets/inspect/speed.ts';
import type { TimedInputs } from '#nets/inspect/speed.ts';
import { evenly } from '../spread.ts';
import type { Examples } from '../task.ts';

/** Evenly spread over all. */
export async function timedExamples(examples: Examples): Promise<TimedInputs> {
  const lesson = examples.lesson(evenly(examples.count, TIMED_BATCH));
  const { inputs, fullBoards } = lesson;
  const channelsFirst = new Map<string, tf.Tensor>();
  for (const [name, input] of Object.entries(inputs))
    channelsFirst.set(name, input.rank === 4 ? tf.transpose(input, [0, 3, 1, 2]) : tf.clone(input));
  const arrays = await arraysOf(channelsFirst);
  tf.dispose([...channelsFirst.values()]);
  lesson.dispose();
  return { arrays, fullBoards };
}
