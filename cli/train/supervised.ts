/** `tengen train supervised`: learns from game records or labelled images. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { DataReader } from '#training/data-reader.ts';
import { MONITORS } from '#training/early-stopping.ts';
import { OPTIMIZERS } from '#training/learner-config.ts';
import { writeLossPlot } from '#training/loss-plot.ts';
import { openTask } from '#training/open-task.ts';
import { RunFolder } from '#training/run-folder.ts';
import { startProblem } from '#training/start.ts';
import { trainSupervised } from '#training/trainer.ts';
import { addBackendOptions, type BackendFlags } from '../backend-options.ts';
import {
  CliError,
  EXIT,
  emit,
  filePath,
  filePaths,
  parseClasses,
  realNumber,
  wholeNumber,
} from '../common.ts';
import { startTelling } from './backend-of-run.ts';
import { claim, interruption, refuseLocked, reportPreparing, reportReading } from './common.ts';
import { refuseConfig, settings } from './run-config.ts';
import { supervisedConfig } from './supervised-config.ts';
import type { SupervisedFlags } from './supervised-config.ts';
import { makeTrainingProgress } from './training-progress.ts';

type Flags = SupervisedFlags & BackendFlags & { readonly out: string; readonly json?: boolean };

/** A commander argument parser for names of nets, which the training looks up. */
function netName(text: string): string {
  if (text === '') throw new InvalidArgumentError('Give a name, such as 4x32.');
  return text;
}

/** A commander argument parser for options with several texts. */
const texts = (text: string, before: string[] = []): string[] => [...before, text];

export function registerSupervised(train: Command): void {
  const supervised = train
    .command('supervised')
    .description(
      'learn policy, value, score and ownership from game records or self-play, or the classes of images',
    )
    .addOption(
      new Option(
        '--games <file...>',
        'SGF files or folders, gzipped or not, one game a line or one a file',
      ).argParser(filePaths),
    )
    .option('--runs <run...>', 'of train zero or distil, from whose games to learn', filePaths)
    .option(
      '--images <folder>',
      "files named as MNIST's (train-images-idx3-ubyte and so on), gzipped or not",
      filePath,
    )
    .option('--classes <labels>', 'of images, those to tell apart: 0-4 or 3,5,8 (all)', parseClasses)
    .requiredOption('--out <run>', 'folder of the run; an existing run is resumed where it stopped', filePath)
    .option('--config <file>', 'JSON with any part of the config, as in config.json of a run', filePath)
    .option(
      '--net <name>',
      'architecture: 4x32, resnet-20, lenet-5 and so on (that of --start, or 4x32)',
      netName,
    )
    .option('--batch <n>', 'examples a step (64)', wholeNumber(2, 4096))
    .option('--steps <n>', 'steps of training (20000)', wholeNumber(1, 1e9))
    .addOption(new Option('--optimizer <name>', 'how a step is made (nesterov)').choices(OPTIMIZERS))
    .option('--learning-rate <r>', "peak rate (0.03; the optimizer's own otherwise)", realNumber(1e-9, 10))
    .option('--cycles <n>', 'cosines of the rate, each of which ends in a snapshot', wholeNumber(1, 100))
    .option(
      '--weight-decay <d>',
      "decay of the kernels (0.001; the optimizer's own otherwise)",
      realNumber(0, 1),
    )
    .option(
      '--penalties <p=x,...>',
      'on kernels: l1, l2, groupLasso; with averageDecay no weight becomes exactly 0 (none)',
      settings,
    )
    .option(
      '--label-smoothing <share>',
      'share of each answer that goes to all alike (0)',
      realNumber(0, 0.99),
    )
    .option('--clip-norm <n>', 'largest norm of the gradient (none)', realNumber(1e-9, 1e9))
    .option('--augment <a=x,...>', 'how examples are changed each time, see below', settings)
    .option(
      '--sampler <net>',
      'of games: draw more often the positions whose moves this net is unsure of (all alike)',
      filePath,
    )
    .option(
      '--hold-out <share>',
      'share of games or images kept for measuring, of games as much again for tests (0.05)',
      realNumber(0, 0.4),
    )
    .option('--train-share <share>', 'share of the rest that is learned from (1)', realNumber(1e-6, 1))
    .option('--bag <seed>', 'draw games or images with replacement, for ensembles', wholeNumber(0, 2 ** 31))
    .option('--every <n>', 'steps between measurements and checkpoints (500)', wholeNumber(1, 1e9))
    .option(
      '--patience <n>',
      'measurements without a lower loss after which to end, with the best net (none)',
      wholeNumber(1, 1e6),
    )
    .addOption(new Option('--monitor <loss>', 'the loss that --patience is about (total)').choices(MONITORS))
    .option('--start <net>', 'begin from the trunk of a net, and from its heads where they fit', filePath)
    .option('--freeze <layers...>', 'layers that do not learn, * for anything: trunk/*', texts)
    .option('--seed <n>', 'of initial weights and sampling (1)', wholeNumber(0, 2 ** 31))
    .option('--json', 'print one JSON object at the end');
  addBackendOptions(supervised)
    .addHelpText(
      'after',
      `
--augment of games: symmetries=false (on by default); shares of positions: crop, settledStone, swapSides, forgetHistory;
komi, a deviation in points. Of images: shift (pixels), rotate (degrees), zoom, crop, brightness, contrast, color (at
most), flip (share mirrored), quarterTurns (share turned by quarters), noise (deviation).

Examples:
  tengen train supervised --games games/*.sgfs.gz --out runs/first
  tengen train supervised --out runs/first        (goes on where that run stopped)
  tengen train supervised --runs runs/zero --net resnet-20 --out runs/deeper
  tengen train supervised --images mnist --net lenet-5 --augment shift=1,rotate=8 --out runs/digits
  tengen train supervised --games 13x13.sgfs --start runs/first/net.safetensors --freeze 'trunk/*' --out runs/large

Ctrl-C saves a checkpoint and stops; a second Ctrl-C stops at once.`,
    )
    .action(runSupervised);
}

async function runSupervised(flags: Flags): Promise<void> {
  const folder = new RunFolder(flags.out);
  refuseLocked(folder.path);
  const isNew = !folder.has('config.json');
  const config = supervisedConfig(folder, flags);
  const reading = reportReading();
  const opened = openTask(config, new DataReader(reading));
  reading.stop();
  if (!opened.ok) {
    if (opened.isOfConfig) refuseConfig(opened.message, isNew ? flags.config : folder.file('config.json'));
    throw new CliError(EXIT.badInput, opened.message);
  }
  // A run that is there has begun from its net already.
  const problem = isNew && config.start !== null ? startProblem(opened.task.spec, config.start) : null;
  if (problem !== null) throw new CliError(EXIT.badInput, problem);
  // A config may be a copy of another run's.
  const before = isNew ? undefined : config.backend;
  const backend = await startTelling(flags, before);
  const { signal: interrupted } = interruption('saving a checkpoint');
  folder.create();
  claim(folder.path, isNew ? folder.file('config.json') : undefined);
  if (isNew) folder.writeConfig({ ...config, backend });
  const shouldStop = (): boolean => interrupted.aborted;
  const preparing = reportPreparing(shouldStop);
  const training = makeTrainingProgress();
  const result = await trainSupervised({
    config,
    task: opened.task,
    folder,
    now: () => performance.now(),
    shouldStop,
    onPreparing: preparing.update,
    onStatus: (status) => {
      preparing.stop();
      training.update(status, config.steps);
    },
  });
  training.stop();
  if (!result.ok)
    throw new CliError(result.reason === 'bad-input' ? EXIT.badInput : EXIT.failure, result.message);
  writeLossPlot(folder);
  const last = folder.metrics().at(-1);
  emit(
    flags.json,
    { run: folder.path, net: folder.file('net.safetensors'), finished: result.finished, ...last },
    () =>
      result.finished
        ? `trained ${result.step} steps: ${folder.file('net.safetensors')}, ${folder.file('loss.svg')}`
        : `stopped at step ${result.step}; go on with: tengen train supervised --out ${folder.path}`,
  );
  if (!result.finished) process.exitCode = EXIT.interrupted;
}
