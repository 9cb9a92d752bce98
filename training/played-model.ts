/** A net as it plays: a model of its weights, for which the statistics of its batch norms are found anew. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { modelFromNet } from '#nets/convert.ts';
import type { AnyNetFile } from '#nets/file.ts';
import { gatheringNorms, reestimateStatistics } from '#nets/statistics.ts';
import type { Pass } from '#nets/statistics.ts';
import { isFrozen } from './freeze.ts';
import type { Learner } from './learner.ts';
import type { LessonOf } from './task.ts';

/** Examples that statistics are of, up to the end of a lesson: other draws of as many change the loss by 0.003 nats (2x16). */
const EXAMPLES = 1024;
/** Lessons at most, where they are small: what about ten steps cost. */
const LESSONS = 32;

/**
 * @param lesson None is asked for where no batch norm gathers statistics.
 * @param firstStep whose lesson, and those of the steps after it, the statistics are of.
 * @param freeze layers that keep their statistics, see `isFrozen`.
 * @returns the model, which the caller disposes.
 * @throws SolverFailure where it is an equation that cannot be solved.
 */
export function modelWithStatistics(
  net: AnyNetFile,
  lesson: LessonOf,
  { firstStep, freeze }: { readonly firstStep: number; readonly freeze: readonly string[] },
): LayersModel {
  const made = modelFromNet(net);
  if (!made.ok) throw new Error(`internal: ${made.message}`);
  const { model } = made;
  for (const layer of model.layers) if (isFrozen(layer.name, freeze)) layer.trainable = false;
  try {
    if (gatheringNorms(net).some((norm) => !isFrozen(norm, freeze)))
      reestimateStatistics(passes(model, lesson, firstStep));
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function* passes(model: LayersModel, lesson: LessonOf, firstStep: number): Generator<Pass> {
  let examples = 0;
  for (let step = firstStep; step < firstStep + LESSONS && examples < EXAMPLES; step++) {
    const given = lesson(step);
    examples += given.size;
    try {
      yield (applied) => given.logits(model, applied);
    } finally {
      given.dispose();
    }
  }
}

/**
 * The net that a learner has made so far: its averaged weights with statistics of the lessons that are next, as moving
 * statistics belong to weights that are gone. A function of the learner's state and lessons, which leaves both as they are.
 */
export async function playedModel(learner: Learner, lesson: LessonOf): Promise<LayersModel> {
  const { spec, steps, freeze } = learner;
  const net = { spec, weights: await learner.averaged(), provenance: {} };
  return modelWithStatistics(net, lesson, { firstStep: steps, freeze });
}
