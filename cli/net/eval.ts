/** `tengen net eval`: how well a net, or the mean of several, predicts games or the classes of images. */
import { Option, type Command } from 'commander';
import { defaultNetPath } from '#nets/weights.ts';
import { DEFAULT_HOLD_OUT } from '#training/holdout.ts';
import { addBackendOptions } from '../backend-options.ts';
import { CliError, EXIT, filePath, filePaths, realNumber, wholeNumber } from '../common.ts';
import { parseClasses } from '../train/supervised-config.ts';
import { netPath } from './common.ts';
import { evaluateGames } from './eval-games.ts';
import type { GameFlags } from './eval-games.ts';
import { evaluateImages } from './eval-images.ts';
import type { ImageFlags } from './eval-images.ts';

type Flags = GameFlags & ImageFlags & { readonly games?: string[]; readonly images?: string };

export function registerEval(net: Command): void {
  const command = net
    .command('eval')
    .description('accuracy of policy, value and ownership on held-out games, or of classes on test images')
    .argument('[nets...]', 'net file, or the folder of a run; of several the mean is measured', filePaths)
    .addOption(new Option('--games <file...>', 'SGF files or folders, gzipped or not').argParser(filePaths))
    .option(
      '--hold-out <share>',
      'share of games that training kept for tests',
      realNumber(0, 1),
      DEFAULT_HOLD_OUT,
    )
    .option('--all', 'measure every game, also those that may have been trained on')
    .option(
      '--images <folder>',
      "files named as MNIST's test images (t10k-images-idx3-ubyte and so on)",
      filePath,
    )
    .option(
      '--classes <labels>',
      'of images, those that the net tells apart: 0-4 or 3,5,8 (all)',
      parseClasses,
    )
    .option('--mc-dropout <n>', 'the mean of n draws of dropout, for nets that have it', wholeNumber(2, 1000))
    .option('--json', 'print one JSON object');
  addBackendOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  tengen net eval runs/first/net.safetensors --games games/*.sgfs.gz
  tengen net eval runs/digits --images mnist
  tengen net eval runs/cyclic/snapshot-*.safetensors --images mnist`,
    )
    .action(evaluate);
}

async function evaluate(nets: string[], flags: Flags): Promise<void> {
  const { games, images } = flags;
  if ((games === undefined) === (images === undefined))
    throw new CliError(EXIT.usage, 'Say what to measure on: --games FILE... or --images FOLDER.');
  const paths = nets.length === 0 ? [defaultNetPath] : nets.map(netPath);
  if (games !== undefined) await evaluateGames(paths, games, flags);
  if (images !== undefined) await evaluateImages(paths, images, flags);
}
