/** How a net does on examples, as it plays. */
import type { Lesson } from './lesson.ts';
import { RunningMeans } from './running-means.ts';
import { evenly, pieces } from './spread.ts';
import type { Examples } from './task.ts';

/** Examples in a batch; any number gives the same means. */
const AT_ONCE = 128;

/** The means of what is measured of (a fixed sample of) examples. @param atMost how many of them. */
export async function measureExamples(
  examples: Examples,
  atMost: number,
  measure: (lesson: Lesson, indices: readonly number[]) => Promise<Record<string, number>>,
): Promise<Record<string, number>> {
  const means = new RunningMeans();
  for (const indices of pieces(evenly(examples.count, atMost), AT_ONCE)) {
    const lesson = examples.lesson(indices);
    try {
      means.add(await measure(lesson, indices), indices.length);
    } finally {
      lesson.dispose();
    }
  }
  return means.take();
}
