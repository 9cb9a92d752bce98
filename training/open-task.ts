/** What a config asks to be learned, with its data read. */
import { isImageSpec } from '#nets/spec.ts';
import { weightShapes } from '#nets/weight-shapes.ts';
import type { SupervisedConfig } from './config.ts';
import type { DataReader } from './data-reader.ts';
import { freezeProblem } from './freeze.ts';
import { openGameTask } from './game-task.ts';
import { openImageTask, testImages } from './images/image-task.ts';
import type { ExamplesResult, Task, TaskResult } from './task.ts';

/** @param reader of the data, kept by who opens several tasks. */
export function openTask(config: SupervisedConfig, reader: DataReader): TaskResult {
  const { data, learner, net } = config;
  const opened =
    data.kind === 'games' ? openGameTask(config, data, reader) : openImageTask(config, data, reader);
  if (!opened.ok) return opened;
  const problem = freezeProblem(weightShapes(opened.task.spec).keys(), learner.freeze);
  return problem === null ? opened : { ok: false, message: `the net ${net} ${problem}` };
}

/** What no net of this task has learned from: the held-out games, or the images of the test files. */
export function testExamples(config: SupervisedConfig, task: Task, reader: DataReader): ExamplesResult {
  const { data } = config;
  if (data.kind === 'games' || !isImageSpec(task.spec)) return { ok: true, examples: task.heldOut };
  return testImages(task.spec, data, reader);
}
