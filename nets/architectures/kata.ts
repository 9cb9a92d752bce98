/** A trunk of ours in KataGo's style: pre-activation blocks, some of which pool the whole board (Wu 2019, section 3.3). */
import { z } from 'zod';
import type { Block } from '../katago/spec.ts';
import { addBlocks } from './katago.ts';
import type { Layers, TrunkOutputs } from './layers.ts';
import { Channels, entry, times } from './parts.ts';

export const KataTrunk = z.strictObject({
  kind: z.literal('kata'),
  blocks: z.int().min(1).max(60),
  channels: Channels,
  /** Every so many blocks pool. */
  pooledEvery: z.int().min(1).max(60),
  /** Whether each block is a bottleneck of half the channels around two blocks: KataGo's nested bottlenecks of 2022. */
  nested: z.boolean(),
});
export type KataTrunk = z.infer<typeof KataTrunk>;

/** Of a pooling block's channels, those that are pooled: KataGo's b10c128 and larger nets have a quarter. */
const POOLED = 1 / 4;

export function kataTrunk<X>(
  l: Layers<X>,
  { blocks, channels, pooledEvery, nested }: KataTrunk,
): TrunkOutputs<X> {
  const made = Array.from({ length: blocks }, (_, i): Block => {
    const pools = (i + 1) % pooledEvery === 0;
    if (!nested) return block(channels, pools);
    const narrow = times(channels, 1 / 2);
    const inner = [block(narrow, pools), block(narrow, false)];
    return { kind: 'bottleneck', narrow, blocks: inner, activations: ['relu', 'relu'] };
  });
  const norm = (name: string, x: X): X => l.batchNorm(name, x);
  const top = addBlocks(l, 'trunk', entry(l, channels, 3), channels, made, {
    norm,
    gain: 1 / Math.sqrt(blocks),
  });
  return { top: norm('trunk/norm', top), taps: [] };
}

/** An ordinary block of two 3x3 convolutions, or a pooling one. */
function block(channels: number, pools: boolean): Block {
  if (!pools) return { kind: 'ordinary', kernel: 3, middle: channels, activations: ['relu', 'relu'] };
  const pooled = times(channels, POOLED);
  const regular = Math.max(1, channels - pooled);
  return { kind: 'gpool', kernel: 3, regular, pooled, activations: ['relu', 'relu', 'relu'] };
}

/** A third of the blocks pools. */
export const kataOf = (channels: number, blocks: number, nested: boolean): KataTrunk => ({
  kind: 'kata',
  blocks,
  channels,
  pooledEvery: 3,
  nested,
});
