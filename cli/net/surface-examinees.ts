/** The nets of `tengen net surface`, each with the examples that it is asked. */
import { readGameFiles } from '#training/game-files.ts';
import { boardExam, heldOutPositions } from '#training/surface/board-exam.ts';
import type { Examinee } from '#training/surface/compute.ts';
import { imageExam } from '#training/surface/image-exam.ts';
import { CliError, EXIT } from '../common.ts';
import { makeProgress } from '../progress.ts';
import { load } from './common.ts';
import { requireOneKind } from './measured-on.ts';
import { loadForImages, testImages } from './test-images.ts';

export type ExampleFlags = {
  readonly games?: string[];
  readonly holdOut: number;
  readonly images?: string;
  readonly classes?: number[];
  readonly examples: number;
};

/** Reads nets and examples. @returns what makes tensors of them, once there is a backend. @throws CliError where one of them cannot be used. */
export function readExaminees(paths: readonly string[], flags: ExampleFlags): () => Examinee[] {
  const { games, images } = flags;
  requireOneKind(flags);
  return games === undefined ? ofImages(paths, images as string, flags) : ofGames(paths, games, flags);
}

function ofGames(paths: readonly string[], games: string[], flags: ExampleFlags): () => Examinee[] {
  const nets = paths.map((path) => ({ path, net: load(path) }));
  const read = readGameFiles(games);
  if (!read.ok) throw new CliError(EXIT.badInput, read.message);
  const progress = makeProgress('game {value}/{total}');
  const skipped = new Map<string, number>();
  const asked = heldOutPositions(read.files, { ...flags, skipped, onProgress: progress.update });
  progress.stop();
  for (const [reason, count] of skipped) process.stderr.write(`left out ${count} records: ${reason}\n`);
  if (asked.length === 0)
    throw new CliError(EXIT.badInput, 'None of the games is held out and readable; --hold-out 1 takes all.');
  return () => nets.map(({ path, net }) => ({ path, net, exam: boardExam(net.spec, asked) }));
}

function ofImages(paths: readonly string[], folder: string, flags: ExampleFlags): () => Examinee[] {
  const images = testImages(folder, flags.classes);
  const nets = paths.map((path) => ({ path, net: loadForImages(path, images) }));
  return () =>
    nets.map(({ path, net }) => ({ path, net, exam: imageExam(net.spec, images, flags.examples) }));
}
