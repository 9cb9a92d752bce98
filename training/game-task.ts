/** Learning to play from game records. */
import { namedSpec } from '#nets/architectures/named.ts';
import { FEATURE_SETS } from '#nets/features/feature-set.ts';
import { bagged } from './bag.ts';
import { boardLesson, trainedSpec } from './board-lesson.ts';
import type { GameData, SupervisedConfig } from './config.ts';
import { buildDataset } from './dataset.ts';
import type { Dataset } from './dataset.ts';
import { makeBatch } from './example.ts';
import { readGameFiles } from './game-files.ts';
import { Sampler } from './sampler.ts';
import type { Task, TaskReport, TaskResult } from './task.ts';

export function openGameTask(
  config: SupervisedConfig,
  data: GameData,
  { onProgress, onSkipped }: TaskReport,
): TaskResult {
  const named = namedSpec(config.net, data.featureSet);
  if (!named.ok) return named;
  const read = readGameFiles(data.files);
  if (!read.ok) return read;
  const features = FEATURE_SETS[data.featureSet];
  const { holdOut, trainShare } = config;
  const dataset = buildDataset(read.files, { features, holdOut, trainShare, onProgress });
  for (const [reason, count] of dataset.skipped) onSkipped?.(count, reason);
  if (dataset.train.length === 0)
    return { ok: false, message: `no game in ${data.files.join(', ')} can be trained on` };
  return { ok: true, task: gameTask(config, data, trainedSpec(named.spec, config.learner), dataset) };
}

export function gameTask(
  { batch, seed, learner, bag }: SupervisedConfig,
  { augment }: GameData,
  spec: Task['spec'],
  dataset: Pick<Dataset, 'train' | 'heldOut'>,
): Task {
  const [train, heldOut] = [new Sampler(bagged(dataset.train, bag)), new Sampler(dataset.heldOut)];
  return {
    spec,
    examples: train.positions,
    lesson: (step) => boardLesson(makeBatch(train.draw(batch, seed, step, augment)), learner),
    heldOut: heldOut.positions,
    heldOutLesson: (indices) => boardLesson(makeBatch(indices.map((index) => heldOut.at(index))), learner),
  };
}
