/** `tengen train zero` and `tengen train distil`: nets made by self-play. */
import { availableParallelism } from 'node:os';
import { Option, type Command } from 'commander';
import { MAX_BOARD_SIDE } from '#engine/go/size.ts';
import type { ResnetTrunk } from '#nets/architectures/resnet.ts';
import { PROVIDERS } from '#nets/providers.ts';
import { MOST_GAMES, ZeroConfig, zeroSpec } from '#training/zero/config.ts';
import { PRESET, PRESETS } from '#training/zero/presets.ts';
import type { PresetName } from '#training/zero/presets.ts';
import { addBackendOptions } from '../backend-options.ts';
import { filePath, realNumber, wholeNumber } from '../common.ts';
import { runDistil, runZero } from './zero-run.ts';

const PRESET_HELP = PRESETS.map((name) => `  ${name.padEnd(10)} ${PRESET[name].about}`).join('\n');

export function registerZero(train: Command): void {
  const zero = train
    .command('zero')
    .description('learn from nothing but games against itself')
    .addOption(new Option('--preset <name>', 'a ready-made run, see below').choices(PRESETS));
  addRunOptions(zero, 'cpu-night')
    .option(
      '--out <run>',
      'folder of the run; an existing run goes on where it stopped',
      filePath,
      'runs/zero',
    )
    .addHelpText(
      'after',
      `
Presets (without one: gpu where the torch backend finds CUDA, else cpu-night):
${PRESET_HELP}

Examples:
  tengen train zero --preset smoke --out runs/smoke
  tengen train zero                              (goes on with runs/zero where there is one)
  tengen train zero --size 7 --generations 60 --out runs/seven
  tengen play net:runs/zero/net.safetensors@200  (while it trains, too)

Ctrl-C stops and keeps every finished game; the same command goes on. tengen serve shows the run.`,
    )
    .action(runZero);
}

export function registerDistil(train: Command): void {
  const distil = train
    .command('distil')
    .description('teach a small net what a strong one finds when it plays against itself')
    .option(
      '--teacher <net>',
      "the net that plays, Tengen's or KataGo's; a run that is there has its own",
      filePath,
    );
  addRunOptions(distil, 'distil')
    .option(
      '--out <run>',
      'folder of the run; an existing run goes on where it stopped',
      filePath,
      'runs/distil',
    )
    .addHelpText(
      'after',
      `
Example:
  tengen train distil --teacher b6c96.bin.gz --blocks 5 --channels 48 --out runs/student

Every position of the teacher's games is learned from: moves searched, others by its policy alone, value, score and
ownership as the teacher sees them. Ctrl-C stops and keeps every finished game; the same command goes on.`,
    )
    .action(runDistil);
}

/** @param preset whose values are told as the defaults. */
function addRunOptions(command: Command, preset: PresetName): Command {
  const config = ZeroConfig.parse(PRESET[preset].config);
  const { selfPlay, learner, generations, gamesPerGeneration, seed } = config;
  const { blocks, channels } = zeroSpec(config).trunk as ResnetTrunk;
  command
    .option('--config <file>', 'JSON with any part of the config, as in config.json of a run', filePath)
    .option('--size <n>', `lines of the board (${selfPlay.boards[0].size})`, wholeNumber(2, MAX_BOARD_SIDE))
    .option('--blocks <n>', `residual blocks (${blocks})`, wholeNumber(1, 60))
    .option('--channels <n>', `channels of the trunk (${channels})`, wholeNumber(4, 512))
    .option('--visits <n>', `visits of a full search (${selfPlay.visits})`, wholeNumber(2, 100_000))
    .option(
      '--generations <n>',
      `nets to make (${generations}); more than before lets a finished run go on`,
      wholeNumber(1, 1e6),
    )
    .option(
      '--games-per-generation <n>',
      `games of each net (${gamesPerGeneration})`,
      wholeNumber(1, MOST_GAMES),
    )
    .option('--learning-rate <r>', `of the learner (${learner.learningRate})`, realNumber(1e-9, 10))
    .option(
      '--start <net>',
      'begin from a net; without --blocks and --channels a net as that is learns',
      filePath,
    )
    .option('--seed <n>', `of weights, games and sampling (${seed})`, wholeNumber(0, 2 ** 31))
    .addOption(
      new Option(
        '--provider <name>',
        'what nets are evaluated with (cuda where the backend computes on it, else cpu)',
      ).choices(PROVIDERS),
    )
    .option('--workers <n>', 'threads that play', wholeNumber(1, 256), availableParallelism())
    .option('--concurrent-games <n>', 'games that a thread plays at once', wholeNumber(1, 4096), 32)
    .option('--json', 'print one JSON object at the end');
  return addBackendOptions(command);
}
