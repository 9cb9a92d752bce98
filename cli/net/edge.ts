/** `tengen net edge`: which channels of a net's trunk know how far the edge of the board is. */
import type { Command } from 'commander';
import { useBackend } from '#nets/backend/backends.ts';
import { centreLine, edgeAudit } from '#nets/inspect/edge.ts';
import type { EdgeLayer } from '#nets/inspect/edge.ts';
import { inspectNet } from '#nets/inspect/inspect.ts';
import { netPath } from '#nets/net-files.ts';
import { defaultNetPath } from '#nets/weights.ts';
import { alignedTable } from '#training/text-table.ts';
import { CliError, EXIT, emit, filePath, wholeNumber } from '../common.ts';
import { load } from './common.ts';

type Flags = { readonly size: number; readonly json?: boolean };

export function registerEdge(net: Command): void {
  net
    .command('edge')
    .description('which channels of a trunk know the edge, and how far from it, by what padding tells them')
    .argument('[net]', 'net file, or the folder of a run', filePath, defaultNetPath)
    .option('--size <n>', 'points along a side of the board, which is empty', wholeNumber(2, 25), 19)
    .option('--json', 'print one JSON object')
    .addHelpText('after', '\nExample:\n  tengen net edge runs/first --size 13')
    .action(edge);
}

async function edge(address: string, { size, json }: Flags): Promise<void> {
  const path = netPath(address);
  const net = load(path);
  const [{ field }] = inspectNet(net.spec, size).layers;
  if (field.side !== null && field.side > size)
    throw new CliError(
      EXIT.badInput,
      `--size ${size}: even the first layer of ${path} sees the edge from the centre; give ${field.side} or more`,
    );
  await useBackend('wasm');
  const layers = await edgeAudit(net, size);
  emit(json, { net: path, size, centre: centreLine(size), layers }, () => edgeText(layers, size));
}

function edgeText(layers: readonly EdgeLayer[], size: number): string {
  const centre = centreLine(size);
  const lines = (reach: number): string => (reach === centre ? `all ${reach}` : `${reach}`);
  const row = ({ name, word, channels, telling, deviation, reach, tellingReach }: EdgeLayer): string[] => [
    name,
    word,
    `${telling} of ${channels}`,
    `${(100 * deviation).toFixed(1)}%`,
    lines(tellingReach),
    lines(reach),
  ];
  const columns = ['layer', 'kind', 'tell the edge', 'by up to', 'lines that tell', 'lines that differ'];
  return [
    alignedTable(columns, layers.map(row), { right: [2, 3, 4, 5] }),
    '',
    `on an empty board of ${size} x ${size}: channels that differ somewhere from their value at the centre by more than 1% of`,
    'the largest value of the layer, the largest difference of all, and how many lines from the edge inwards there',
    'is such a difference, and any that is more than rounding; all where none is left before the centre',
  ].join('\n');
}
