/** How a net does on examples, as it plays. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Lesson } from './lesson.ts';
import { RunningMeans } from './running-means.ts';
import { evenly, pieces } from './spread.ts';
import type { Examples } from './task.ts';

/** Held-out examples that are measured, for a standard error of 1.1% in accuracy; `net eval` measures all. */
const MEASURED = 2048;
/** Examples in a batch; any number gives the same means. */
const AT_ONCE = 128;

/** What a lesson measures of a model as it plays. */
async function measureLesson(model: LayersModel, lesson: Lesson): Promise<Record<string, number>> {
  const measures = tf.tidy(() => lesson.measures(model) as Record<string, tf.Scalar>);
  const measured: Record<string, number> = {};
  for (const [name, measure] of Object.entries(measures)) [measured[name]] = await measure.data();
  tf.dispose(measures);
  return measured;
}

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

/** What metrics tell of examples that are held out, by the names `heldOutTotal` and so on. */
export async function measureHeldOut(model: LayersModel, heldOut: Examples): Promise<Record<string, number>> {
  const means = await measureExamples(heldOut, MEASURED, (lesson) => measureLesson(model, lesson));
  const named = Object.entries(means).map(
    ([name, mean]) => [`heldOut${name[0].toUpperCase()}${name.slice(1)}`, mean] as const,
  );
  return Object.fromEntries(named);
}
