/** What a config asks to be learned, with its data read. */
import { weightShapes } from '#nets/weight-shapes.ts';
import type { SupervisedConfig } from './config.ts';
import { freezeProblem } from './freeze.ts';
import { openGameTask } from './game-task.ts';
import { openImageTask } from './images/image-task.ts';
import type { TaskReport, TaskResult } from './task.ts';

export function openTask(config: SupervisedConfig, report: TaskReport = {}): TaskResult {
  const { data, learner, net } = config;
  const opened = data.kind === 'games' ? openGameTask(config, data, report) : openImageTask(config, data);
  if (!opened.ok) return opened;
  const problem = freezeProblem(weightShapes(opened.task.spec).keys(), learner.freeze);
  return problem === null ? opened : { ok: false, message: `the net ${net} ${problem}` };
}
