/** How well one net answers examples, or several by the mean of their forecasts. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { hitShare } from '../answers.ts';
import { LEAST_PROBABILITY } from '../forecasts.ts';
import type { Lesson } from '../lesson.ts';
import { measureExamples } from '../measure.ts';
import type { Examples } from '../task.ts';

export type AnswerFigures = {
  /** Mean cross-entropy in nats, and share of the examples whose answer is found likeliest. */
  readonly loss: number;
  readonly accuracy: number;
  /** Of nets that are differential equations: evaluations of the slope for an example, of all nets together. */
  readonly evaluations?: number;
};

/** @param models one or more. @param atMost how many of the examples, evenly spread. */
export async function answerFigures(
  models: readonly LayersModel[],
  examples: Examples,
  atMost: number,
): Promise<AnswerFigures> {
  let evaluations: number | null = null;
  const onEvaluations = (each: ArrayLike<number>): void => {
    evaluations = Array.from(each).reduce((sum, one) => sum + one, evaluations ?? 0);
  };
  const measure = async (lesson: Lesson): Promise<Record<string, number>> => {
    const figures = tf.tidy(() => {
      const { answers } = lesson;
      const forecasts = models.map((model) => tf.softmax(lesson.logits(model, { onEvaluations })));
      const mean = tf.div(tf.addN(forecasts), models.length);
      const losses = tf.neg(tf.sum(tf.mul(answers, tf.log(tf.maximum(mean, LEAST_PROBABILITY))), 1));
      return tf.stack([tf.mean(losses), hitShare(mean, answers)]);
    });
    const [loss, accuracy] = await figures.data();
    figures.dispose();
    return { loss, accuracy };
  };
  const { loss, accuracy } = await measureExamples(examples, atMost, measure);
  const count = Math.min(atMost, examples.count);
  return { loss, accuracy, ...(evaluations === null ? {} : { evaluations: evaluations / count }) };
}
