/** The nets of `tengen net surface`, each with the examples that it is asked. */
import { boardExam } from '#training/surface/board-exam.ts';
import type { Examinee } from '#training/surface/compute.ts';
import { imageExam } from '#training/surface/image-exam.ts';
import { load } from './common.ts';
import { readPositions } from './record-positions.ts';
import { requireOneKind } from './shown.ts';
import { loadForImages } from './shown-images.ts';

export type ExampleFlags = {
  readonly games?: string[];
  readonly holdOut: number;
  readonly images?: string;
  readonly classes?: number[];
  readonly examples: number;
};

/** Reads nets and examples. @returns what makes tensors of them, once there is a backend. @throws CliError where one of them cannot be used. */
export async function readExaminees(
  paths: readonly string[],
  flags: ExampleFlags,
): Promise<() => Examinee[]> {
  const { games, images } = flags;
  requireOneKind(flags);
  return games === undefined ? ofImages(paths, images as string, flags) : ofGames(paths, games, flags);
}

async function ofGames(
  paths: readonly string[],
  games: string[],
  flags: ExampleFlags,
): Promise<() => Examinee[]> {
  const nets = paths.map((path) => ({ path, net: load(path) }));
  const asked = await readPositions(games, flags);
  return () => nets.map(({ path, net }) => ({ path, net, exam: boardExam(net.spec, asked) }));
}

function ofImages(paths: readonly string[], folder: string, flags: ExampleFlags): () => Examinee[] {
  const { images, nets } = loadForImages(paths, folder, { part: 'test', classes: flags.classes });
  return () =>
    nets.map((net, i) => ({ path: paths[i], net, exam: imageExam(net.spec, images, flags.examples) }));
}
