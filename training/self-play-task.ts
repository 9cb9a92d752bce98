/** Learning from the games of a run of self-play: another net from the same searches. */
import { boardExamples } from './board-examples.ts';
import { boardLesson } from './board-lesson.ts';
import type { SelfPlayData, SupervisedConfig } from './config.ts';
import type { DataReader } from './data-reader.ts';
import { trainedGameSpec } from './spec-of-config.ts';
import { ofConfig } from './task.ts';
import type { TaskResult } from './task.ts';

export function openSelfPlayTask(
  config: SupervisedConfig,
  data: SelfPlayData,
  reader: DataReader,
): TaskResult {
  const { batch, seed, learner } = config;
  const named = trainedGameSpec(config, data);
  if (!named.ok) return ofConfig(named.message);
  const read = reader.selfPlay(data, config);
  if (!read.ok) return read;
  const { train, validation, test } = read.windows;
  return {
    ok: true,
    task: {
      spec: named.spec,
      lessons: async () => (step) => boardLesson(train.batch(batch, seed, step), learner),
      examples: boardExamples(train, learner),
      validation: boardExamples(validation, learner),
      test: boardExamples(test, learner),
    },
  };
}
