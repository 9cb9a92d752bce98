/** How well one net answers examples, or several by the mean of their forecasts. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { mean } from 'simple-statistics';
import { hits } from '../answers.ts';
import { LEAST_PROBABILITY } from '../forecasts.ts';
import { showExamples } from '../measure.ts';
import type { Examples } from '../task.ts';

export type AnswerFigures = {
  /** Mean cross-entropy in nats, and share of the examples whose answer is found likeliest. */
  readonly loss: number;
  readonly accuracy: number;
  /** The accuracy on those of them that are new, see `Examples`, where any are. */
  readonly newAccuracy?: number;
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
  const [losses, found, ofNew]: number[][] = [[], [], []];
  await showExamples(examples, atMost, async (lesson, indices) => {
    const figures = tf.tidy(() => {
      const { answers } = lesson;
      const forecasts = models.map((model) => tf.softmax(lesson.logits(model, { onEvaluations })));
      const forecast = tf.div(tf.addN(forecasts), models.length);
      const loss = tf.neg(tf.sum(tf.mul(answers, tf.log(tf.maximum(forecast, LEAST_PROBABILITY))), 1));
      return tf.stack([loss, hits(forecast, answers)]);
    });
    const [loss, hit] = (await figures.array()) as number[][];
    figures.dispose();
    losses.push(...loss);
    found.push(...hit);
    ofNew.push(...hit.filter((_, i) => examples.isNew?.(indices[i]) === true));
  });
  return {
    loss: mean(losses),
    accuracy: mean(found),
    ...(ofNew.length === 0 ? {} : { newAccuracy: mean(ofNew) }),
    ...(evaluations === null ? {} : { evaluations: evaluations / losses.length }),
  };
}
