/** `tengen net prune`: a net with fewer filters within its blocks. */
import type { Command } from 'commander';
import { saveNet } from '#nets/file.ts';
import { inspectNet } from '#nets/inspect/inspect.ts';
import { netPath } from '#nets/net-files.ts';
import { innerFilters } from '#nets/prune/inner-filters.ts';
import { pruneFilters } from '#training/prune.ts';
import { alignedTable } from '#training/text-table.ts';
import { addBackendOptions, startTensors, type BackendFlags } from '../backend-options.ts';
import { CliError, EXIT, emit, filePath, filePaths, realNumber, wholeNumber } from '../common.ts';
import { makeProgress } from '../progress.ts';
import { checkNetTarget } from '../target.ts';
import { load } from './common.ts';
import { readPositions } from './record-positions.ts';

/** Points along a side of the board that FLOPs are told for. */
const SIZE = 9;

type Flags = BackendFlags & {
  readonly games: string[];
  readonly keep: number;
  readonly examples: number;
  readonly to: string;
  readonly json?: boolean;
};

export function registerPrune(net: Command): void {
  const command = net
    .command('prune')
    .description('leave out the filters within the blocks of a net that say the least')
    .argument('<net>', "net file, KataGo's too", filePath)
    .requiredOption('--games <file...>', 'SGF files or folders to judge filters by', filePaths)
    .option('--keep <share>', 'share of the filters of each block that stays', realNumber(0.01, 1), 0.5)
    .option('--examples <n>', 'positions at most, evenly spread', wholeNumber(1, 1e6), 1024)
    .requiredOption('--to <file>', 'net file to write', filePath)
    .option('--json', 'print one JSON object');
  addBackendOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  tengen net prune b6c96.bin.gz --games games/*.sgfs.gz --keep 0.5 --to pruned.safetensors
  tengen train supervised --runs runs/student --start pruned.safetensors --out runs/pruned

A pruned net has to learn again what it has lost.`,
    )
    .action(prune);
}

async function prune(address: string, flags: Flags): Promise<void> {
  const { games, keep, examples, to } = flags;
  const path = netPath(address);
  const net = load(path);
  checkNetTarget(to, path, ...games);
  if (innerFilters(net.spec).length === 0)
    throw new CliError(
      EXIT.badInput,
      `${path}: it has no ordinary or pooling blocks of KataGo's, whose filters could be left out; name a net that does`,
    );
  const asked = await readPositions(games, { holdOut: 1, examples });
  await startTensors(flags);
  const progress = makeProgress('position {value}/{total}');
  const pruned = await pruneFilters(net, asked, { keep, onProgress: progress.update });
  progress.stop();
  const keptBefore = typeof net.provenance.filtersKept === 'number' ? net.provenance.filtersKept : 1;
  const provenance = { ...net.provenance, filtersKept: keep * keptBefore };
  saveNet(to, { ...pruned, provenance });
  const [before, after] = [net, pruned].map(({ spec }) => {
    const { parameters, flops } = inspectNet(spec, SIZE);
    return { parameters, flops };
  });
  emit(flags.json, { net: path, to, before, after }, () => {
    const row = (name: string, key: 'parameters' | 'flops'): string[] =>
      [name, before[key], after[key]].map((cell) => cell.toLocaleString('en'));
    return [
      alignedTable(
        ['', 'before', 'after'],
        [row('parameters', 'parameters'), row(`FLOPs on ${SIZE}x${SIZE}`, 'flops')],
        { right: [1, 2] },
      ),
      '',
      `${to} has to learn again what it has lost, as by tengen train supervised --start ${to}`,
    ].join('\n');
  });
}
