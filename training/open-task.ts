/** What a config asks to be learned, with its data read. */
import { weightShapes } from '#nets/weight-shapes.ts';
import type { SupervisedConfig } from './config.ts';
import { idlePattern } from './freeze.ts';
import { openGameTask } from './game-task.ts';
import { openImageTask } from './images/image-task.ts';
import type { TaskReport, TaskResult } from './task.ts';

export function openTask(config: SupervisedConfig, report: TaskReport = {}): TaskResult {
  const { data, learner, net } = config;
  const opened = data.kind === 'games' ? openGameTask(config, data, report) : openImageTask(config, data);
  const idle = opened.ok ? idlePattern(weightShapes(opened.task.spec).keys(), learner.freeze) : null;
  return idle === null ? opened : { ok: false, message: `the net ${net} has no layer ${idle} to freeze` };
}
