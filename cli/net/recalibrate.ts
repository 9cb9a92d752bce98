/** `tengen net recalibrate`: a net with batch norm statistics of these games or images. */
import type { Command } from 'commander';
import { saveNet } from '#nets/file.ts';
import type { AnyNetFile } from '#nets/file.ts';
import { netPath } from '#nets/net-files.ts';
import { gatheringNorms } from '#nets/statistics.ts';
import { recalibrated, shiftsOf, showingImages, showingPositions } from '#training/recalibrate.ts';
import { alignedTable } from '#training/text-table.ts';
import { addBackendOptions, startTensors, type BackendFlags } from '../backend-options.ts';
import { CliError, EXIT, emit, filePath, wholeNumber } from '../common.ts';
import { makeProgress } from '../progress.ts';
import { checkNetTarget } from '../target.ts';
import { load } from './common.ts';
import { readPositions } from './record-positions.ts';
import { addShown, requireOneKind } from './shown.ts';
import { loadForImages } from './shown-images.ts';

type Flags = BackendFlags & {
  readonly games?: string[];
  readonly images?: string;
  readonly classes?: number[];
  readonly examples: number;
  readonly to: string;
  readonly json?: boolean;
};

export function registerRecalibrate(net: Command): void {
  const command = net
    .command('recalibrate')
    .description('find the batch norm statistics of a net anew, on other games, boards or images')
    .argument('<net>', 'net file, or the folder of a run; with #column=1 a column alone', filePath);
  addShown(command, 'training')
    .option('--examples <n>', 'positions or images at most, evenly spread', wholeNumber(2, 1e6), 1024)
    .requiredOption('--to <file>', 'net file to write', filePath)
    .option('--json', 'print one JSON object');
  addBackendOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  tengen net recalibrate runs/first --games 13x13/*.sgfs.gz --to first-13.safetensors
  tengen net recalibrate runs/fractal#column=1 --games games/*.sgfs.gz --to column-1.safetensors

No other weight changes: nothing is learned, and no answer is looked at. Nets of KataGo's blocks, the shipped one too,
have scales and shifts instead of statistics.`,
    )
    .action(recalibrate);
}

async function recalibrate(address: string, flags: Flags): Promise<void> {
  const { games, images, to } = flags;
  requireOneKind(flags);
  const path = netPath(address);
  checkNetTarget(to, path, ...(games ?? []), ...(images === undefined ? [] : [images]));
  const shown = await (games === undefined
    ? withImages(path, images as string, flags)
    : withGames(path, games, flags));
  const { before, examples } = shown;
  if (examples < 2)
    throw new CliError(
      EXIT.badInput,
      `${(games ?? [images]).join(' ')}: one example has no spread; give more`,
    );
  await startTensors(flags);
  const after = await shown.make();
  saveNet(to, {
    ...after,
    provenance: {
      ...after.provenance,
      statisticsOf: (games ?? [images]).join(' '),
      statisticsExamples: examples,
    },
  });
  const shifts = shiftsOf(before, after);
  emit(flags.json, { net: path, to, examples, shifts }, () =>
    [
      `${to}: statistics of ${examples} ${games === undefined ? 'images' : 'positions'}`,
      alignedTable(
        ['batch norm', 'means moved by (old deviations)', 'deviations times'],
        shifts.map(({ norm, means, deviations }) => [norm, means.toFixed(3), deviations.toFixed(3)]),
        { right: [1, 2] },
      ),
    ].join('\n'),
  );
}

type Recalibration = {
  readonly before: AnyNetFile;
  /** How many are shown. */
  readonly examples: number;
  readonly make: () => Promise<AnyNetFile>;
};

/** @throws CliError where the net has none. */
function withNorms<Net extends AnyNetFile>(path: string, net: Net): Net {
  if (gatheringNorms(net).length > 0) return net;
  throw new CliError(
    EXIT.badInput,
    `${path}: it has no batch norms that go by statistics; name a net that does, as training makes them`,
  );
}

async function withGames(path: string, games: string[], { examples }: Flags): Promise<Recalibration> {
  const before = withNorms(path, load(path));
  const asked = await readPositions(games, { holdOut: 1, examples });
  const progress = makeProgress('position {value}/{total}');
  const make = (): Promise<AnyNetFile> => recalibrated(before, showingPositions(asked, progress.update));
  return { before, examples: asked.length, make: () => make().finally(progress.stop) };
}

function withImages(path: string, folder: string, { classes, examples }: Flags): Recalibration {
  const { images, nets } = loadForImages([path], folder, { part: 'train', classes });
  const before = withNorms(path, nets[0]);
  const progress = makeProgress('image {value}/{total}');
  return {
    before,
    examples: Math.min(examples, images.labels.length),
    make: () => recalibrated(before, showingImages(images, examples, progress.update)).finally(progress.stop),
  };
}
