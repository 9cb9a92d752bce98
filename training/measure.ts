/** How a net does on examples, as it plays. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { readScalars } from './read-scalars.ts';
import type { Lesson } from './lesson.ts';
import { RunningMeans } from './running-means.ts';
import { evenly, pieces } from './spread.ts';
import type { Examples } from './task.ts';

/** Held-out examples that are measured, for a standard error of 1.1% in accuracy; `net eval` measures all. */
const MEASURED = 2048;
/** Examples in a batch; any number gives the same means. */
const AT_ONCE = 128;

/** Shows (a fixed sample of) examples, batch by batch, each disposed afterwards. @param atMost how many of them. */
export async function showExamples(
  examples: Examples,
  atMost: number,
  show: (lesson: Lesson, indices: readonly number[]) => Promise<void>,
): Promise<void> {
  for (const indices of pieces(evenly(examples.count, atMost), AT_ONCE)) {
    const lesson = examples.lesson(indices);
    try {
      await show(lesson, indices);
    } finally {
      lesson.dispose();
    }
    // Lets Ctrl-C and other events in.
    await nextTurn();
  }
}

/** `heldOutTotal` of "total", as metrics name what is held out. */
export const heldOutName = (name: string): string => `heldOut${name[0].toUpperCase()}${name.slice(1)}`;

/**
 * What metrics tell of examples that are held out, by the names `heldOutTotal` and so on: means over those of which the
 * answer is known, and none where it is of no example.
 */
export async function measureHeldOut(model: LayersModel, heldOut: Examples): Promise<Record<string, number>> {
  const means = new RunningMeans();
  let weights: Lesson['weights'] = {};
  await showExamples(heldOut, MEASURED, async (lesson) => {
    const [measures, known] = await readScalars(() => [lesson.measures(model), lesson.known()]);
    means.add(measures, (name) => known[name] ?? lesson.size);
    weights = lesson.weights;
  });
  const measured = means.take();
  const total = Object.entries(weights).reduce(
    (sum, [name, weight]) => sum + weight * (measured[name] ?? 0),
    0,
  );
  return Object.fromEntries(
    Object.entries({ ...measured, total }).map(([name, mean]) => [heldOutName(name), mean]),
  );
}
