/** What a config asks to be learned, with its data read. */
import { isImageSpec } from '#nets/spec.ts';
import { weightShapes } from '#nets/weight-shapes.ts';
import type { SupervisedConfig } from './config.ts';
import type { DataReader } from './data-reader.ts';
import { freezeProblem } from './freeze.ts';
import { openGameTask } from './game-task.ts';
import { openSelfPlayTask } from './self-play-task.ts';
import { openImageTask, testImages } from './images/image-task.ts';
import { ofConfig } from './task.ts';
import type { ExamplesResult, Task, TaskResult } from './task.ts';

/** @param reader of the data, kept by who opens several tasks. */
export function openTask(config: SupervisedConfig, reader: DataReader): TaskResult {
  const { data, learner } = config;
  const opened = openData(config, data, reader);
  if (!opened.ok) return opened;
  if (config.patience !== null && opened.task.validation.count === 0)
    return {
      ok: false,
      message:
        'field patience: none of the examples is held out to be measured on; give more of them, a larger holdOut, or no patience',
    };
  const problem = freezeProblem(weightShapes(opened.task.spec).keys(), learner.freeze);
  return problem === null ? opened : ofConfig(`field learner.freeze: the net ${problem}`);
}

function openData(config: SupervisedConfig, data: SupervisedConfig['data'], reader: DataReader): TaskResult {
  switch (data.kind) {
    case 'games':
      return openGameTask(config, data, reader);
    case 'self-play':
      return openSelfPlayTask(config, data, reader);
    case 'images':
      return openImageTask(config, data, reader);
  }
}

/** What no net of this task has learned from or been stopped by: games kept for that, or the images of the test files. */
export function testExamples(config: SupervisedConfig, task: Task, reader: DataReader): ExamplesResult {
  const { data } = config;
  if (task.test !== null)
    return task.test.count > 0
      ? { ok: true, examples: task.test }
      : { ok: false, message: 'none of the games is kept for tests; give more of them, or a larger holdOut' };
  if (data.kind !== 'images' || !isImageSpec(task.spec))
    throw new Error(`internal: learning from ${data.kind} has nothing to test by`);
  return testImages(task.spec, data, reader);
}
