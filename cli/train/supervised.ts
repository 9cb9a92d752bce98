/** `tengen train supervised`: learns from game records. */
import { Option, type Command } from 'commander';
import { startTensors, addBackendOptions, type BackendFlags } from '../backend-options.ts';
import { SupervisedConfig } from '#training/config.ts';
import { OPTIMIZERS } from '#training/learner-config.ts';
import { FEATURE_SETS } from '#nets/features/feature-set.ts';
import { buildDataset } from '#training/dataset.ts';
import { readGameFiles } from '#training/game-files.ts';
import { writeLossPlot } from '#training/loss-plot.ts';
import { RunFolder } from '#training/run-folder.ts';
import { trainSupervised } from '#training/trainer.ts';
import type { TrainingStatus } from '#training/trainer.ts';
import { CliError, EXIT, emit, filePath, filePaths, realNumber, wholeNumber } from '../common.ts';
import { makeProgress } from '../progress.ts';
import { claim, currentCommit, interruption, optionName, refuseLocked } from './common.ts';

type Flags = Partial<SupervisedConfig> & BackendFlags & { out: string; json?: boolean };

/** Time between progress lines where stderr is a file. */
const LINE_EVERY_MS = 30_000;

export function registerSupervised(train: Command): void {
  const supervised = train
    .command('supervised')
    .description('learn policy, value, score and ownership from game records')
    .addOption(
      new Option(
        '--games <file...>',
        'SGF files or folders, gzipped or not, one game a line or one a file',
      ).argParser(filePaths),
    )
    .requiredOption('--out <run>', 'folder of the run; an existing run is resumed where it stopped', filePath)
    .option('--blocks <n>', 'residual blocks (4)', wholeNumber(1, 60))
    .option('--channels <n>', 'channels of the trunk (32)', wholeNumber(4, 512))
    .option('--batch <n>', 'positions a step (64)', wholeNumber(2, 4096))
    .option('--steps <n>', 'steps of training (20000)', wholeNumber(1, 1e9))
    .addOption(new Option('--optimizer <name>', 'how a step is made (nesterov)').choices(OPTIMIZERS))
    .option('--learning-rate <r>', "peak rate (0.03; the optimizer's own otherwise)", realNumber(1e-9, 10))
    .option(
      '--weight-decay <d>',
      "decay of the kernels (0.001; the optimizer's own otherwise)",
      realNumber(0, 1),
    )
    .option('--clip-norm <n>', 'largest norm of the gradient (none)', realNumber(1e-9, 1e9))
    .option('--hold-out <share>', 'share of whole games kept for measuring (0.05)', realNumber(0, 0.5))
    .option('--every <n>', 'steps between measurements and checkpoints (500)', wholeNumber(1, 1e9))
    .option('--seed <n>', 'of initial weights and sampling (1)', wholeNumber(0, 2 ** 31))
    .option('--json', 'print one JSON object at the end');
  addBackendOptions(supervised)
    .addHelpText(
      'after',
      `
Examples:
  tengen train supervised --games games/*.sgfs.gz --out runs/first
  tengen train supervised --out runs/first        (goes on where that run stopped)

Ctrl-C saves a checkpoint and stops; a second Ctrl-C stops at once.`,
    )
    .action(runSupervised);
}

/** The stored config of an existing run, or the one the options ask for; options may not contradict a stored one. */
function resolveConfig(folder: RunFolder, flags: Flags): SupervisedConfig {
  const { out: _out, json: _json, backend: _backend, device: _device, threads: _threads, ...asked } = flags;
  const missing = folder.missingFile();
  if (missing !== null) throw new CliError(EXIT.badInput, missing);
  const stored = folder.readConfig();
  if (typeof stored === 'string') throw new CliError(EXIT.badInput, stored);
  if (stored === null) {
    if (asked.games === undefined)
      throw new CliError(EXIT.usage, 'Name the game records with --games FILE...');
    return SupervisedConfig.parse({ ...asked, commit: currentCommit() });
  }
  for (const [name, value] of Object.entries(asked))
    if (JSON.stringify(value) !== JSON.stringify(stored[name as keyof SupervisedConfig]))
      throw new CliError(
        EXIT.usage,
        `The run ${folder.path} was started with ${optionName(name)} ${String(stored[name as keyof SupervisedConfig])}; leave the option out to resume it, or choose a new --out.`,
      );
  return stored;
}

async function runSupervised(flags: Flags): Promise<void> {
  const folder = new RunFolder(flags.out);
  refuseLocked(folder.path);
  const isNew = !folder.has('config.json');
  const config = resolveConfig(folder, flags);
  const read = readGameFiles(config.games);
  if (!read.ok) throw new CliError(EXIT.badInput, read.message);
  const reading = makeProgress('reading games {value}/{total}');
  const dataset = buildDataset(read.files, {
    features: FEATURE_SETS[config.featureSet],
    holdOut: config.holdOut,
    onProgress: reading.update,
  });
  reading.stop();
  for (const [reason, count] of dataset.skipped)
    process.stderr.write(`left out ${count} records: ${reason}\n`);
  if (dataset.train.length === 0)
    throw new CliError(EXIT.badInput, `No game in ${config.games.join(', ')} can be trained on.`);
  await startTensors(flags);
  const interrupted = interruption('saving a checkpoint');
  folder.create();
  claim(folder.path);
  if (isNew && folder.has('config.json'))
    throw new CliError(EXIT.unavailable, `${folder.path}: another trainer began a run here just now`);
  if (isNew) folder.writeConfig(config);
  const training = makeProgress('step {value}/{total}  {figures}');
  let lastLine = -Infinity;
  const result = await trainSupervised({
    config,
    dataset,
    folder,
    now: () => performance.now(),
    shouldStop: () => interrupted.aborted,
    onStatus: (status) => {
      const { step, heldOutAccuracy } = status.metrics;
      const figures = formatStatus(status);
      training.update(step, config.steps, { figures });
      if (process.stderr.isTTY) return;
      if (performance.now() - lastLine < LINE_EVERY_MS && heldOutAccuracy === undefined) return;
      lastLine = performance.now();
      process.stderr.write(`step ${step}/${config.steps}  ${figures}\n`);
    },
  });
  training.stop();
  if (!result.ok)
    throw new CliError(result.reason === 'damaged' ? EXIT.badInput : EXIT.failure, result.message);
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

function formatStatus({ metrics, positionsPerSecond, etaSeconds }: TrainingStatus): string {
  const accuracy = metrics.heldOutAccuracy;
  return [
    `loss ${metrics.totalLoss.toFixed(3)}`,
    `policy ${metrics.policyLoss.toFixed(3)}`,
    ...(accuracy === undefined ? [] : [`held-out top-1 ${(100 * accuracy).toFixed(1)}%`]),
    `${Math.round(positionsPerSecond)} positions/s`,
    etaSeconds < 90 ? `${Math.round(etaSeconds)} s left` : `${Math.round(etaSeconds / 60)} min left`,
  ].join('  ');
}
