/** `tengen net info`: what a net file holds. */
import { statSync } from 'node:fs';
import { parseAddress } from '#nets/address.ts';
import { hashFile } from '#nets/hash-file.ts';
import { inspectNet } from '#nets/inspect/inspect.ts';
import type { Block } from '#nets/katago/spec.ts';
import { netPath } from '#nets/net-files.ts';
import { isImageSpec } from '#nets/spec.ts';
import type { AnySpec } from '#nets/spec.ts';
import { emit, printable } from '../common.ts';
import { loadAnyState } from './common.ts';
import { parametersText } from './inspect.ts';

/** Of the board, on which no count of weights depends. */
const ANY_SIZE = 9;

export function info(net: string, { json }: { json?: boolean }): void {
  const path = netPath(net);
  // Checkpoints tell by it how far they have come.
  const { spec, provenance } = loadAnyState(path);
  const { file } = parseAddress(path);
  const bytes = statSync(file).size;
  const { parameters, statistics } = inspectNet(spec, ANY_SIZE);
  const sha256 = hashFile(file);
  emit(json, { path, spec, parameters, statistics, bytes, sha256, provenance }, () =>
    [
      path,
      `  trunk       ${trunkText(spec)}`,
      `  heads       ${headsText(spec)}`,
      `  sees        ${seenText(spec)}`,
      `  parameters  ${parametersText({ parameters, statistics })}`,
      `  size        ${(bytes / 2 ** 20).toFixed(2)} MiB`,
      `  sha256      ${sha256}`,
      ...Object.entries(provenance).map(
        ([name, value]) => `  ${printable(name).padEnd(11)} ${printable(String(value))}`,
      ),
    ].join('\n'),
  );
}

function headsText({ heads }: AnySpec): string {
  if (heads.kind === 'classes') return `${heads.classes} classes`;
  return heads.kind === 'tengen' ? "Tengen's" : `KataGo's, version ${heads.version}`;
}

function seenText(spec: AnySpec): string {
  if (!isImageSpec(spec)) return spec.featureSet;
  const { height, width, channels } = spec.image;
  return `images of ${height} x ${width} x ${channels}`;
}

function trunkText({ trunk }: AnySpec): string {
  if (trunk.kind === 'resnet') return `${trunk.blocks} residual blocks x ${trunk.channels} channels`;
  if (trunk.kind !== 'katago') {
    const { kind, ...config } = trunk;
    return `${kind} ${JSON.stringify(config)}`;
  }
  const blocks = `${trunk.blocks.length} blocks x ${trunk.channels} channels`;
  const kinds = trunk.blocks.length === 0 ? '' : ` (${kindsText(trunk.blocks)})`;
  return `${blocks}${kinds}, ${trunk.activation}, ${trunk.tip.kind} tip`;
}

/** How many there are of each kind, in the order in which they first appear. */
function kindsText(blocks: readonly Block[]): string {
  const counts = new Map<string, number>();
  for (const block of blocks) {
    const kind = kindText(block);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ');
}

function kindText(block: Block): string {
  if (block.kind === 'ordinary') return `ordinary of ${block.middle}`;
  if (block.kind === 'gpool') return `gpool of ${block.regular} and ${block.pooled}`;
  return block.kind === 'bottleneck' && block.blocks.length > 0
    ? `bottleneck of ${kindsText(block.blocks)}`
    : block.kind;
}
