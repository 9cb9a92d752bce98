/** `tengen net eval`: how well a net, or the mean of several, predicts games or the classes of images. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { netPath } from '#nets/net-files.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { VIEWS } from '#training/images/views.ts';
import type { View } from '#training/images/views.ts';
import { addBackendOptions } from '../backend-options.ts';
import { CliError, EXIT, filePaths, wholeNumber } from '../common.ts';
import { evaluateGames } from './eval-games.ts';
import type { GameFlags } from './eval-games.ts';
import { evaluateImages } from './eval-images.ts';
import type { ImageFlags } from './eval-images.ts';
import { addMeasuredOn, requireOneKind } from './shown.ts';

type Flags = GameFlags & ImageFlags & { readonly games?: string[]; readonly images?: string };

export function registerEval(net: Command): void {
  const command = net
    .command('eval')
    .description('accuracy of policy, value and ownership on held-out games, or of classes on test images')
    .argument('[nets...]', 'net file, or the folder of a run; of several the mean is measured', filePaths);
  addMeasuredOn(command)
    .addOption(
      new Option('--all', 'measure every game, also those that may have been trained on').conflicts([
        'holdOut',
        'images',
      ]),
    )
    .option(
      '--symmetries <n>',
      'of games: the mean over so many of the board, up to 8 (1)',
      wholeNumber(1, 8),
    )
    .addOption(
      new Option(
        '--views <n>',
        'of images: the mean over 2 views (as it is, mirrored), 5 (the middle, four corners) or 10 (both)',
      )
        .argParser(parseViews)
        .conflicts('mcDropout'),
    )
    .option('--mc-dropout <n>', 'the mean of n draws of dropout, for nets that have it', wholeNumber(2, 1000))
    .option('--json', 'print one JSON object');
  addBackendOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  tengen net eval runs/first/net.safetensors --games games/*.sgfs.gz
  tengen net eval --games games/*.sgfs.gz --symmetries 8
  tengen net eval runs/digits --images mnist
  tengen net eval runs/cyclic/snapshot-*.safetensors --images mnist`,
    )
    .action(evaluate);
}

function parseViews(text: string): readonly View[] {
  const views = VIEWS.get(Number(text));
  if (views === undefined) throw new InvalidArgumentError(`Give ${[...VIEWS.keys()].join(', ')}.`);
  return views;
}

async function evaluate(nets: string[], flags: Flags): Promise<void> {
  const { games, images, symmetries, views } = flags;
  requireOneKind(flags);
  if (images !== undefined && symmetries !== undefined)
    throw new CliError(EXIT.usage, '--symmetries goes with --games alone: images have no board.');
  if (games !== undefined && views !== undefined)
    throw new CliError(EXIT.usage, '--views goes with --images alone: boards have --symmetries.');
  const paths = nets.length === 0 ? [defaultNetPath] : nets.map(netPath);
  if (games !== undefined) await evaluateGames(paths, games, flags);
  if (images !== undefined) await evaluateImages(paths, images, flags);
}
