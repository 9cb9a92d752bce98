/** How a net does, during training, on what was held out. */
import type { Learner } from './learner.ts';
import { RunningMeans } from './running-means.ts';
import type { Task } from './task.ts';

/** Examples that are measured, for a standard error of 1.1% in accuracy; `net eval` measures all. */
const MEASURED = 2048;
/** Examples in a batch; any number gives the same means. */
const AT_ONCE = 128;

/** The means of what the learner measures of (a fixed sample of) the held-out examples, named `heldOutTotal` and so on. */
export async function measureHeldOut(learner: Learner, task: Task): Promise<Record<string, number>> {
  const count = Math.min(MEASURED, task.heldOut);
  const means = new RunningMeans();
  for (let from = 0; from < count; from += AT_ONCE) {
    const indices = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, i) =>
      Math.floor(((from + i) * task.heldOut) / count),
    );
    const lesson = task.heldOutLesson(indices);
    means.add(await learner.measure(lesson), indices.length);
    lesson.dispose();
  }
  const named = Object.entries(means.take()).map(
    ([name, mean]) => [`heldOut${name[0].toUpperCase()}${name.slice(1)}`, mean] as const,
  );
  return Object.fromEntries(named);
}
