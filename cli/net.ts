/** `tengen net eval|info|ship`: what a net file is, how well it predicts games, and making it the shipped one. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { openEvaluator } from '#nets/evaluator.ts';
import { loadNet, writeFileAtomically } from '#nets/file.ts';
import type { NetFile } from '#nets/file.ts';
import type { NetSpec } from '#nets/spec.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { evaluateOnGames } from '#training/evaluate.ts';
import type { Accuracy } from '#training/evaluate.ts';
import { readGameFiles } from '#training/game-files.ts';
import { DEFAULT_HOLD_OUT } from '#training/holdout.ts';
import { CliError, EXIT, emit, filePath, filePaths, printable, realNumber } from './common.ts';
import { makeProgress } from './progress.ts';

/** The largest net that may be shipped with the program. */
const MAX_SHIPPED_BYTES = 4 * 2 ** 20;

export function registerNet(program: Command): void {
  const net = program.command('net').description('inspect, measure and ship nets');
  net
    .command('info')
    .description('what a net file holds')
    .argument('[net]', 'net file, or the folder of a run', filePath, defaultNetPath)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  tengen net info runs/first/net.safetensors')
    .action((path: string, flags: { json?: boolean }) => info(path, flags.json));
  net
    .command('eval')
    .description('accuracy of policy, value and ownership on held-out games')
    .argument('[net]', 'net file, or the folder of a run', filePath, defaultNetPath)
    .requiredOption('--games <file...>', 'SGF files or folders, gzipped or not', filePaths)
    .option('--hold-out <share>', 'share of games that training held out', realNumber(0, 1), DEFAULT_HOLD_OUT)
    .option('--all', 'measure every game, also those that may have been trained on')
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  tengen net eval runs/first/net.safetensors --games games/*.sgfs.gz')
    .action(evaluate);
  net
    .command('ship')
    .description('make a net the one that Tengen plays with by default')
    .argument('<net>', 'net file, or the folder of a run', filePath)
    .option('--to <file>', 'the shipped net', filePath, defaultNetPath)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  tengen net ship runs/first')
    .action(ship);
}

/** A net, or that of a run where its folder is named. */
function netPath(path: string): string {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? join(path, 'net.safetensors') : path;
}

function load(path: string): NetFile {
  const loaded = loadNet(path);
  if (!loaded.ok) throw new CliError(EXIT.badInput, loaded.message);
  return loaded.net;
}

function info(net: string, json: boolean | undefined): void {
  const path = netPath(net);
  const { spec, weights, provenance } = load(path);
  const bytes = readFileSync(path);
  const parameters = [...weights.values()].reduce((sum, { values }) => sum + values.length, 0);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  emit(json, { path, spec, parameters, bytes: bytes.length, sha256, provenance }, () =>
    [
      path,
      `  trunk       ${trunkText(spec)}`,
      `  features    ${spec.featureSet}`,
      `  parameters  ${parameters.toLocaleString('en')}`,
      `  size        ${(bytes.length / 2 ** 20).toFixed(2)} MiB`,
      `  sha256      ${sha256}`,
      ...Object.entries(provenance).map(
        ([name, value]) => `  ${printable(name).padEnd(11)} ${printable(String(value))}`,
      ),
    ].join('\n'),
  );
}

function trunkText({ trunk }: NetSpec): string {
  const blocks = trunk.kind === 'resnet' ? trunk.blocks : trunk.blocks.length;
  return `${blocks} ${trunk.kind === 'resnet' ? 'residual blocks' : 'blocks'} x ${trunk.channels} channels`;
}

async function evaluate(
  net: string,
  flags: { games: string[]; holdOut: number; all?: boolean; json?: boolean },
): Promise<void> {
  const read = readGameFiles(flags.games);
  if (!read.ok) throw new CliError(EXIT.badInput, read.message);
  const path = netPath(net);
  const opened = await openEvaluator(path, { threads: 2 });
  if (!opened.ok) throw new CliError(EXIT.badInput, opened.message);
  const progress = makeProgress('game {value}/{total}');
  const accuracy = await evaluateOnGames(opened.evaluator, read.files, {
    holdOut: flags.all === true ? 1 : flags.holdOut,
    onProgress: progress.update,
  });
  progress.stop();
  await opened.evaluator.close();
  for (const [reason, count] of Object.entries(accuracy.skipped))
    process.stderr.write(`left out ${count} records: ${reason}\n`);
  if (accuracy.games === 0)
    throw new CliError(
      EXIT.badInput,
      'None of the games is held out and readable; add --all to measure every game.',
    );
  emit(flags.json, { net: path, ...accuracy }, () => accuracyTable(accuracy));
}

function accuracyTable(accuracy: Accuracy): string {
  const percent = (share: number): string =>
    Number.isNaN(share) ? 'no results' : `${(100 * share).toFixed(1)}%`;
  return [
    `games               ${accuracy.games}`,
    `positions           ${accuracy.positions}`,
    `policy top-1        ${percent(accuracy.top1)}`,
    `policy top-5        ${percent(accuracy.top5)}`,
    `value MSE           ${accuracy.valueMse.toFixed(3)}`,
    `value sign          ${percent(accuracy.valueSign)}`,
    `ownership           ${accuracy.ownership === null ? 'unknown: no game was played out to its end' : percent(accuracy.ownership)}`,
  ].join('\n');
}

/** Checks that the net loads and runs before it replaces the shipped one. */
async function ship(from: string, flags: { to: string; json?: boolean }): Promise<void> {
  const path = netPath(from);
  if (statSync(flags.to, { throwIfNoEntry: false })?.isFile() === false)
    throw new CliError(EXIT.badInput, `${flags.to}: this is not a file; give --to the path of a net file`);
  const opened = await openEvaluator(path);
  if (!opened.ok) throw new CliError(EXIT.badInput, opened.message);
  await opened.evaluator.close();
  const bytes = readFileSync(path);
  if (bytes.length > MAX_SHIPPED_BYTES)
    throw new CliError(
      EXIT.badInput,
      `${path} has ${bytes.length} bytes; a shipped net may have ${MAX_SHIPPED_BYTES}.`,
    );
  mkdirSync(dirname(flags.to), { recursive: true });
  writeFileAtomically(flags.to, bytes);
  emit(
    flags.json,
    { from: path, to: flags.to, bytes: bytes.length },
    () => `${path} is now the shipped net; measure it and bring nets/weights/README.md up to date.`,
  );
}
