/** `tengen label`: boards of game records as images in classes, which nets for images learn to tell apart. */
import { existsSync, readdirSync } from 'node:fs';
import { Option, type Command } from 'commander';
import { makeFolder } from '#nets/make-folder.ts';
import { readGameFiles } from '#training/game-files.ts';
import { DEFAULT_HOLD_OUT } from '#training/holdout.ts';
import { writeImageSet } from '#training/images/image-set.ts';
import { LABELS, labelledBoards } from '#training/labelled-boards.ts';
import type { LabelOptions, LabelledBoards } from '#training/labelled-boards.ts';
import { alignedTable } from '#training/text-table.ts';
import { CliError, EXIT, emit, filePath, filePaths, realNumber, tellLeftOut, wholeNumber } from './common.ts';
import { makeProgress } from './progress.ts';

type Flags = Omit<LabelOptions, 'onProgress'> & {
  readonly games: string[];
  readonly out: string;
  readonly json?: boolean;
};

export function registerLabel(program: Command): void {
  program
    .command('label')
    .description('make of game records boards in classes, which nets for images learn to tell apart')
    .requiredOption('--games <file...>', 'SGF files or folders', filePaths)
    .requiredOption('--out <folder>', 'for the images and labels, in files named as those of MNIST', filePath)
    .addOption(
      new Option('--by <what>', 'whether the side to move wins, its rank or rating, or the first move')
        .choices(LABELS)
        .makeOptionMandatory(),
    )
    .option('--classes <n>', 'how many, of ranks and first moves', wholeNumber(2, 64), 3)
    .option('--size <n>', 'points along a side of the boards that are taken', wholeNumber(2, 25), 9)
    .option('--from <n>', 'boards after this many moves and later', wholeNumber(1, 1000), 20)
    .option('--every <n>', 'each so many-th board of a game that is learned from', wholeNumber(1, 1000), 4)
    .option('--hold-out <share>', 'of games, kept for tests', realNumber(0, 0.9), DEFAULT_HOLD_OUT)
    .option('--seed <n>', 'of the one board drawn of each test game', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Example:
  tengen label --games games/*.sgfs.gz --by rank --out ranks
  tengen train supervised --images ranks --net 4x32 --steps 2000 --out runs/ranks
  tengen net eval runs/ranks --images ranks

An image has three channels: stones of the side to move, of its opponent, and the last move.`,
    )
    .action(label);
}

function label({ games, out, json, ...options }: Flags): void {
  if (existsSync(out) && readdirSync(out).some((name) => name.includes('-ubyte')))
    throw new CliError(EXIT.badInput, `${out}: it holds images already; give --out another folder`);
  const read = readGameFiles(games);
  if (!read.ok) throw new CliError(EXIT.badInput, read.message);
  const progress = makeProgress('game {value}/{total}');
  const made = labelledBoards(read.files, { ...options, onProgress: progress.update });
  progress.stop();
  if (!made.ok) throw new CliError(EXIT.badInput, `${games.join(', ')}: ${made.message}`);
  const { boards } = made;
  for (const [reason, count] of boards.skipped) tellLeftOut(count, reason);
  makeFolder(out);
  writeImageSet(out, 'train', boards.train);
  writeImageSet(out, 'test', boards.test);
  const classes = countsOf(boards);
  emit(json, { out, by: options.by, classes }, () => countsText(out, classes));
}

type Counts = { readonly name: string; readonly train: number; readonly test: number };

function countsOf({ classes, train, test }: LabelledBoards): Counts[] {
  const count = ({ labels }: LabelledBoards['train'], label: number): number =>
    labels.reduce((sum, other) => sum + Number(other === label), 0);
  return classes.map((name, i) => ({ name, train: count(train, i), test: count(test, i) }));
}

function countsText(out: string, classes: readonly Counts[]): string {
  const rows = classes.map(({ name, train, test }, i) => [`${i}`, name, `${train}`, `${test}`]);
  return [
    alignedTable(['class', 'is', 'to learn from', 'to test on'], rows, { right: [2, 3] }),
    '',
    `${out} goes to --images; of each test game there is one board`,
  ].join('\n');
}
