/** `tengen label`: boards of game records as images in classes, which nets for images learn to tell apart. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { makeFolder } from '#nets/make-folder.ts';
import { LABELLINGS } from '#training/board-labels.ts';
import { DEFAULT_HOLD_OUT } from '#training/holdout.ts';
import { classCounts, holdsImages, writeImageSet } from '#training/images/image-set.ts';
import { labelledBoards } from '#training/labelled-boards.ts';
import type { LabelOptions, LabelledBoards } from '#training/labelled-boards.ts';
import { writeJsonFile } from '#training/text-files.ts';
import { alignedTable } from '#training/text-table.ts';
import { CliError, EXIT, emit, filePath, filePaths, realNumber, wholeNumber } from './common.ts';
import { withRecords } from './records.ts';

/** What the classes are; written last, so that the set is whole where it is. */
const CLASSES = 'classes.json';

type Flags = Omit<LabelOptions, 'skipped' | 'onProgress'> & {
  readonly games: string[];
  readonly out: string;
  readonly json?: boolean;
};

export function registerLabel(program: Command): void {
  program
    .command('label')
    .description('turn game records into labelled boards, which nets for images learn to tell apart')
    .requiredOption('--games <file...>', 'SGF files or folders', filePaths)
    .requiredOption('--out <folder>', 'for images and labels, in files named as those of MNIST', filePath)
    .addOption(
      new Option('--by <what>', 'whether the side to move wins, its rank or rating, or the first move')
        .choices(LABELLINGS)
        .makeOptionMandatory(),
    )
    .option('--classes <n>', 'how many, by rank or opening (winner has two)', wholeNumber(2, 64), 3)
    .option('--size <n>', 'points along a side of the boards that are taken', wholeNumber(2, 25), 9)
    .option('--from <n>', 'take boards after this many moves and later', wholeNumber(1, 1000), 20)
    .option(
      '--every <n>',
      'draw one board of so many in a row, of games to learn from',
      wholeNumber(1, 1000),
      4,
    )
    .option(
      '--hold-out <share>',
      'share of the games that is kept for tests',
      realNumber(0.001, 0.9),
      DEFAULT_HOLD_OUT,
    )
    .option('--seed <n>', 'of the draws of boards', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Example:
  tengen label --games games/*.sgfs.gz --by rank --out ranks
  tengen train supervised --images ranks --net 4x32 --augment flip=0.5,quarterTurns=0.75 --out runs/ranks
  tengen net eval runs/ranks --images ranks

An image has three channels: stones of the side to move, of its opponent, and the last move. What the classes are is
kept in classes.json of the folder.`,
    )
    .action(label);
}

async function label({ games, out, json, ...options }: Flags): Promise<void> {
  if (statSync(out, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new CliError(EXIT.badInput, `${out}: this is no folder; give --out one, or a new name`);
  if (holdsImages(out))
    throw new CliError(
      EXIT.badInput,
      existsSync(join(out, CLASSES))
        ? `${out}: it holds images already; give --out another folder`
        : `${out}: it holds images without ${CLASSES}, which are a part of a set where labelling was stopped; if so remove them, or give --out another folder`,
    );
  const made = await withRecords(games, async (files, report) =>
    labelledBoards(files, { ...options, ...report }),
  );
  if (!made.ok)
    throw new CliError(
      EXIT.badInput,
      `${games.join(', ')}: ${made.message}; see --size, --from, --every, --hold-out and --classes`,
    );
  const { boards } = made;
  makeFolder(out);
  writeImageSet(out, 'train', boards.train);
  writeImageSet(out, 'test', boards.test);
  const classes = countsOf(boards);
  writeJsonFile(join(out, CLASSES), { ...options, games, classes });
  emit(json, { out, by: options.by, classes }, () => countsText(out, classes));
}

type Counts = { readonly name: string; readonly train: number; readonly test: number };

function countsOf({ classes, train, test }: LabelledBoards): Counts[] {
  const [learned, tested] = [train, test].map((images) => classCounts(images, classes.length));
  return classes.map((name, i) => ({ name, train: learned[i], test: tested[i] }));
}

function countsText(out: string, classes: readonly Counts[]): string {
  const rows = classes.map(({ name, train, test }, i) => [`${i}`, name, `${train}`, `${test}`]);
  return [
    alignedTable(['class', 'is', 'boards to learn from', 'to test on'], rows, { right: [2, 3] }),
    '',
    `give ${out} to --images; a test game gives one board`,
  ].join('\n');
}
