/**
 * The filters within residual blocks, which a net may have fewer of without anything else changing: what a block adds to
 * the map that runs past it keeps its channels (of a ResNet's block Li et al. 2017 prune the first layer freely too; its second would have to be as the shortcut is).
 */
import type { NetFile, WeightArray } from '../file.ts';
import type { Block, KataGoTrunk } from '../katago/spec.ts';
import type { NetSpec } from '../spec.ts';
import { weightOf } from '../weight-of.ts';

export type InnerFilters = {
  /** Of the block, as in the names of its weights. */
  readonly block: string;
  readonly count: number;
};

/** For each weight of a block the axis along which it has an entry for each of its inner filters. */
const AXES: Readonly<Record<string, number>> = {
  'conv1/kernel': 3,
  'pooled/dense/kernel': 1,
  'norm2/scale': 0,
  'norm2/shift': 0,
  'conv2/kernel': 2,
};

/** Of every block that has any, from the input on; none where a trunk's spec has no widths within its blocks. */
export function innerFilters({ trunk }: Pick<NetSpec, 'trunk'>): InnerFilters[] {
  if (trunk.kind !== 'katago') return [];
  const found: InnerFilters[] = [];
  withWidths(trunk, (block, count) => {
    found.push({ block, count });
    return count;
  });
  return found;
}

/** @param kept by block the indices of the filters to keep, rising, one or more. Other blocks keep theirs. */
export function keepFilters(net: NetFile, kept: ReadonlyMap<string, readonly number[]>): NetFile {
  const { trunk } = net.spec;
  if (trunk.kind !== 'katago') throw new Error(`internal: no inner filters in a trunk ${trunk.kind}`);
  const weights = new Map(net.weights);
  for (const [block, indices] of kept)
    for (const [part, axis] of Object.entries(AXES)) {
      const name = `${block}/${part}`;
      if (weights.has(name)) weights.set(name, taken(weightOf(net, name), axis, indices));
    }
  const narrower = withWidths(trunk, (block, count) => kept.get(block)?.length ?? count);
  return { ...net, spec: { ...net.spec, trunk: narrower }, weights };
}

/** The trunk with other numbers of inner filters. */
function withWidths(trunk: KataGoTrunk, widthOf: (block: string, count: number) => number): KataGoTrunk {
  const changed = (blocks: readonly Block[], path: string): Block[] =>
    blocks.map((block, i): Block => {
      const name = `${path}/block${i}`;
      if (block.kind === 'ordinary') return { ...block, middle: widthOf(name, block.middle) };
      if (block.kind === 'gpool') return { ...block, regular: widthOf(name, block.regular) };
      return block.kind === 'bottleneck' ? { ...block, blocks: changed(block.blocks, name) } : block;
    });
  return { ...trunk, blocks: changed(trunk.blocks, 'trunk') };
}

/** The entries `indices` along an axis. */
function taken({ shape, values }: WeightArray, axis: number, indices: readonly number[]): WeightArray {
  const product = (sides: readonly number[]): number => sides.reduce((size, side) => size * side, 1);
  const [outer, inner] = [product(shape.slice(0, axis)), product(shape.slice(axis + 1))];
  const rows = Array.from({ length: outer }, (_, row) =>
    indices.map((index) => {
      const from = (row * shape[axis] + index) * inner;
      return values.subarray(from, from + inner);
    }),
  ).flat();
  const kept = new Float32Array(outer * indices.length * inner);
  rows.forEach((row, i) => {
    kept.set(row, i * inner);
  });
  return { shape: shape.with(axis, indices.length), values: kept };
}
