/** `tengen net surface`: the losses of nets over a plane of weights around theirs, in numbers and as a picture. */
import { InvalidArgumentError, type Command } from 'commander';
import { parseAddress } from '#nets/address.ts';
import { hashFile } from '#nets/hash-file.ts';
import { makeFolder } from '#nets/make-folder.ts';
import { netPath } from '#nets/net-files.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { computePoints } from '#training/surface/compute.ts';
import type { Examinee } from '#training/surface/compute.ts';
import type { SurfaceConfig } from '#training/surface/config.ts';
import { reportSurfaces } from '#training/surface/report.ts';
import type { SurfaceSummary } from '#training/surface/surface.ts';
import { SurfaceFolder } from '#training/surface/surface-folder.ts';
import { alignedTable } from '#training/text-table.ts';
import { addBackendOptions, startTensors, type BackendFlags } from '../backend-options.ts';
import { CliError, EXIT, emit, filePath, filePaths, realNumber, wholeNumber } from '../common.ts';
import { makeProgress } from '../progress.ts';
import { claim, interruption, refuseLocked } from '../train/common.ts';
import { addMeasuredOn } from './shown.ts';
import { readExaminees } from './surface-examinees.ts';
import type { ExampleFlags } from './surface-examinees.ts';

type Flags = BackendFlags &
  ExampleFlags & {
    readonly out: string;
    readonly grid: number;
    readonly range: number;
    readonly seed: number;
    readonly json?: boolean;
  };

/** A commander argument parser for the points along a side. */
function gridSide(text: string): number {
  const side = wholeNumber(3, 1001)(text);
  if (side % 2 === 0)
    throw new InvalidArgumentError('Give an odd number, so that the net itself is a point.');
  return side;
}

export function registerSurface(net: Command): void {
  const command = net
    .command('surface')
    .description('the loss of nets over a plane of weights around theirs, on held-out games or test images')
    .argument('[nets...]', 'net files, or folders of runs; several are drawn to one scale', filePaths);
  addMeasuredOn(command)
    .requiredOption('--out <folder>', 'for the surface; one that is there goes on where it stopped', filePath)
    .option('--grid <n>', 'points along a side, an odd number', gridSide, 51)
    .option('--range <r>', 'alpha and beta go from -r to r', realNumber(1e-6, 100), 1)
    .option('--examples <n>', 'positions or images at most, evenly spread', wholeNumber(1, 1e6), 256)
    .option('--seed <n>', 'of the two directions', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--json', 'print one JSON object');
  addBackendOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  tengen net surface --games games/*.sgfs.gz --out surface
  tengen net surface runs/plain-20 runs/resnet-20 --games games/*.sgfs.gz --grid 25 --out surfaces

Ctrl-C keeps what is computed; the same command goes on. What is drawn: docs/surface.md.`,
    )
    .action(surface);
}

async function surface(nets: string[], flags: Flags): Promise<void> {
  const { out, grid: side, range, seed } = flags;
  const paths = nets.length === 0 ? [defaultNetPath] : nets.map(netPath);
  refuseLocked(out);
  const makeExaminees = await readExaminees(paths, flags);
  await startTensors(flags);
  const examinees = makeExaminees();
  const { examples } = examinees[0].exam;
  const config: SurfaceConfig = {
    nets: await Promise.all(examinees.map(identityOf)),
    examples,
    side,
    range,
    seed,
  };
  const folder = new SurfaceFolder(out);
  makeFolder(out);
  claim(out);
  const problem = folder.open(config);
  if (problem !== null) throw new CliError(EXIT.badInput, problem);
  if (!(await compute(examinees, folder, config))) {
    process.exitCode = EXIT.interrupted;
    process.stderr.write('stopped before the end; the same command goes on\n');
    return;
  }
  const summaries = reportSurfaces(folder, config);
  emit(flags.json, { out, ...config, surfaces: summaries }, () =>
    [summaryTable(summaries), '', `surface.json and surface.svg in ${out}`].join('\n'),
  );
}

async function identityOf({ path, exam }: Examinee): Promise<SurfaceConfig['nets'][number]> {
  return { path, sha256: hashFile(parseAddress(path).file), examplesSha256: await exam.digest() };
}

/** @returns whether all points are known; not where Ctrl-C stopped it. */
async function compute(
  examinees: readonly Examinee[],
  folder: SurfaceFolder,
  config: SurfaceConfig,
): Promise<boolean> {
  const { signal: interrupted } = interruption('keeping what is computed');
  const progress = makeProgress('point {value}/{total}, {eta_formatted} left  {net}');
  const isFinished = await computePoints(examinees, {
    ...config,
    folder,
    onProgress: ({ path }, points, total) => progress.update(points, total, { net: path }),
    shouldStop: () => interrupted.aborted,
  });
  progress.stop();
  return isFinished;
}

function summaryTable(summaries: readonly SurfaceSummary[]): string {
  const number = (value: number | null): string => (value === null ? 'not finite' : value.toPrecision(5));
  const terms = Object.keys(summaries[0].atNet).filter((name) => name !== 'total');
  const rows = summaries.map(({ net, atNet, lowest, median, highest }) => [
    net,
    ...[atNet.total, ...terms.map((name) => atNet[name]), lowest, median, highest].map(number),
  ]);
  const columns = ['net', 'f(0, 0)', ...terms, 'lowest', 'median', 'highest'];
  return alignedTable(columns, rows, { right: columns.map((_, i) => i).slice(1) });
}
