/** Learning to play from game records. */
import { bagged } from './bag.ts';
import { boardLesson, trainedSpec } from './board-lesson.ts';
import type { GameData, SupervisedConfig } from './config.ts';
import type { DataReader } from './data-reader.ts';
import type { Dataset } from './dataset.ts';
import { makeBatch } from './example.ts';
import { Sampler } from './sampler.ts';
import { gameSpec } from './spec-of-config.ts';
import type { Examples, Task, TaskResult } from './task.ts';

export function openGameTask(config: SupervisedConfig, data: GameData, reader: DataReader): TaskResult {
  const named = gameSpec(config, data);
  if (!named.ok) return named;
  const read = reader.games(data, config);
  if (!read.ok) return read;
  return { ok: true, task: gameTask(config, data, trainedSpec(named.spec, config.learner), read.dataset) };
}

export function gameTask(
  { batch, seed, learner, bag }: SupervisedConfig,
  { augment }: GameData,
  spec: Task['spec'],
  dataset: Pick<Dataset, 'train' | 'heldOut'>,
): Task {
  const [train, heldOut] = [new Sampler(bagged(dataset.train, bag)), new Sampler(dataset.heldOut)];
  const examplesOf = (sampler: Sampler): Examples => ({
    count: sampler.positions,
    lesson: (indices) => boardLesson(makeBatch(indices.map((index) => sampler.at(index))), learner),
  });
  return {
    spec,
    lesson: (step) => boardLesson(makeBatch(train.draw(batch, seed, step, augment)), learner),
    examples: examplesOf(train),
    heldOut: examplesOf(heldOut),
  };
}
