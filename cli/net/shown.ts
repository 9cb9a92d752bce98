/** The options that say which games or images nets are shown, and that one of them is given. */
import { Option, type Command } from 'commander';
import { DEFAULT_HOLD_OUT } from '#training/holdout.ts';
import { CliError, EXIT, filePath, filePaths, parseClasses, realNumber } from '../common.ts';

/** @param part of a folder of images. */
export function addShown(command: Command, part: 'test' | 'training'): Command {
  const prefix = part === 'test' ? 't10k' : 'train';
  return command
    .addOption(new Option('--games <file...>', 'SGF files or folders, gzipped or not').argParser(filePaths))
    .option(
      '--images <folder>',
      `files named as MNIST's ${part} images (${prefix}-images-idx3-ubyte and so on)`,
      filePath,
    )
    .option(
      '--classes <labels>',
      'of images, those that the net tells apart, where its file does not say: 0-4 or 3,5,8 (all)',
      parseClasses,
    );
}

export const addMeasuredOn = (command: Command): Command =>
  addShown(command, 'test').addOption(
    new Option('--hold-out <share>', 'share of games that training kept for tests')
      .argParser(realNumber(0, 1))
      .default(DEFAULT_HOLD_OUT)
      .conflicts('images'),
  );

type Shown = {
  readonly games?: string[];
  readonly images?: string;
  readonly classes?: number[];
};

/** @throws CliError where not exactly one of them is named, or classes of games. */
export function requireOneKind({ games, images, classes }: Shown): void {
  if (games === undefined && images === undefined)
    throw new CliError(EXIT.usage, 'Name --games FILE... or --images FOLDER.');
  if (games !== undefined && (images ?? classes) !== undefined)
    throw new CliError(
      EXIT.usage,
      'Give --games alone: --images and --classes are for nets that take images.',
    );
}
