/** Learning to play from game records. */
import type { NetFile } from '#nets/file.ts';
import { bagged } from './bag.ts';
import { boardExamples } from './board-examples.ts';
import { boardLesson } from './board-lesson.ts';
import type { GameData, SupervisedConfig } from './config.ts';
import type { DataReader } from './data-reader.ts';
import type { Dataset, GameSamples } from './dataset.ts';
import { makeBatch } from './example.ts';
import type { Side } from './holdout.ts';
import { newPositions } from './position-key.ts';
import { expectedSurprise, readSampler } from './expected-surprise.ts';
import { Sampler } from './sampler.ts';
import { trainedGameSpec } from './spec-of-config.ts';
import { ofConfig } from './task.ts';
import type { Examples, Task, TaskResult } from './task.ts';

export function openGameTask(config: SupervisedConfig, data: GameData, reader: DataReader): TaskResult {
  const named = trainedGameSpec(config, data);
  if (!named.ok) return ofConfig(named.message);
  const sampler = data.sampler === null ? null : readSampler(data.sampler, data.featureSet);
  if (sampler?.ok === false) return sampler;
  const read = reader.games(data, config);
  if (!read.ok) return read;
  return { ok: true, task: gameTask(config, data, named.spec, read.dataset, sampler?.net) };
}

/** @param sampler a net by whose expected surprise positions are drawn; none to draw them alike. */
export function gameTask(
  { batch, seed, learner, bag }: SupervisedConfig,
  { augment }: GameData,
  spec: Task['spec'],
  dataset: Pick<Dataset, Side>,
  sampler?: NetFile,
): Task {
  const games = bagged(dataset.train, bag);
  const examplesOf = (of: readonly GameSamples[]): Examples => boardExamples(new Sampler(of), learner);
  return {
    spec,
    lessons: async (onProgress) => {
      const surprise = sampler && (await expectedSurprise(sampler, [...new Set(games)], onProgress));
      const drawn = new Sampler(games, surprise);
      return (step) => boardLesson(makeBatch(drawn.draw(batch, seed, step, augment)), learner);
    },
    examples: examplesOf(games),
    validation: examplesOf(dataset.validation),
    test: { ...examplesOf(dataset.test), isNew: newPositions(games, dataset.test) },
  };
}
