/** KataGo's trunk of blocks and its heads, as in its model format versions 8 to 17 (Wu 2019, and KataGo's docs since). */
import { hasPassHidden, scoreOutputs } from '../katago/spec.ts';
import type { Activation, Block, KataGoHeads, KataGoTrunk } from '../katago/spec.ts';
import { globalsOf, isSigned } from './layers.ts';
import type { Layers, TrunkOutputs } from './layers.ts';
import type { BoardHeads } from './net.ts';

export function kataGoTrunk<X>(l: Layers<X>, trunk: KataGoTrunk): TrunkOutputs<X> {
  const { channels, kernel, blocks, tip, activation } = trunk;
  const input = l.addVector(
    'trunk/sum',
    l.conv('trunk/input', l.planes, channels, kernel),
    l.dense('trunk/globals', globalsOf(l), channels, { bias: false }),
  );
  const norm: BlockStyle<X>['norm'] = (name, x, then) => l.affine(name, x, then);
  const map = addBlocks(l, 'trunk', input, channels, blocks, { norm, gain: 1 });
  const top =
    tip.kind === 'affine'
      ? l.affine('trunk/norm', map, activation)
      : l.rms('trunk/norm', map, { ...tip, activation });
  return { top, taps: [] };
}

export type BlockStyle<X> = {
  /** What stands before every activation, with it. */
  readonly norm: (name: string, x: X, activation: Activation) => X;
  /** Of the convolutions that a branch ends with. */
  readonly gain: number;
};

/** Adds what each block makes of a map of `channels` channels to it. */
export function addBlocks<X>(
  l: Layers<X>,
  path: string,
  x: X,
  channels: number,
  blocks: readonly Block[],
  style: BlockStyle<X>,
): X {
  return blocks.reduce((map, block, i) => {
    const name = `${path}/block${i}`;
    return l.add(`${name}/sum`, map, branch(l, name, map, channels, block, style));
  }, x);
}

/** What a block adds to the map of `channels` channels that runs past it. */
function branch<X>(
  l: Layers<X>,
  name: string,
  x: X,
  channels: number,
  block: Block,
  style: BlockStyle<X>,
): X {
  if (block.kind === 'attention') return l.attention(name, x, block);
  if (block.kind === 'feed-forward') return l.feedForward(name, x, block);
  const { activations } = block;
  const { norm, gain } = style;
  const entry = norm(`${name}/norm1`, x, activations[0]);
  if (block.kind === 'bottleneck') {
    const narrow = l.conv(`${name}/down`, entry, block.narrow, 1);
    const inner = addBlocks(l, name, narrow, block.narrow, block.blocks, style);
    return l.conv(`${name}/up`, norm(`${name}/norm2`, inner, activations[1]), channels, 1, { gain });
  }
  const { kernel } = block;
  if (block.kind === 'ordinary') {
    const inner = l.conv(`${name}/conv1`, entry, block.middle, kernel);
    const outer = norm(`${name}/norm2`, inner, activations[1]);
    return l.conv(`${name}/conv2`, outer, channels, kernel, { gain });
  }
  const { regular, pooled } = block;
  const apart = norm(
    `${name}/pooled/norm`,
    l.conv(`${name}/pooled/conv`, entry, pooled, kernel),
    block.activations[1],
  );
  const pool = l.pool(`${name}/pool`, apart, { kind: 'policy', signed: isSigned(block.activations[1]) });
  const inner = l.addVector(
    `${name}/inner`,
    l.conv(`${name}/conv1`, entry, regular, kernel),
    l.dense(`${name}/pooled/dense`, pool, regular, { bias: false }),
  );
  return l.conv(`${name}/conv2`, norm(`${name}/norm2`, inner, block.activations[2]), channels, kernel, {
    gain,
  });
}

export function kataGoHeads<X>(l: Layers<X>, heads: KataGoHeads, top: X): BoardHeads<X> {
  const { policyChannels, pooledChannels, policies, valueChannels, valueHidden, activations } = heads;
  const apart = l.affine(
    'policy/pooled/norm',
    l.conv('policy/pooled/conv', top, pooledChannels, 1),
    activations.pooled,
  );
  const pooled = l.pool('policy/pool', apart, { kind: 'policy', signed: isSigned(activations.pooled) });
  const policyMap = l.addVector(
    'policy/sum',
    l.conv('policy/conv', top, policyChannels, 1),
    l.dense('policy/pooled/dense', pooled, policyChannels, { bias: false }),
  );
  const points = l.conv('policy/points', l.affine('policy/norm', policyMap, activations.policy), policies, 1);
  const pass = hasPassHidden(heads)
    ? l.dense(
        'policy/pass2',
        l.dense('policy/pass1', pooled, policyChannels, { activation: activations.pass }),
        policies,
        { bias: false },
      )
    : l.dense('policy/pass', pooled, policies, { bias: false });

  const valueMap = l.affine('value/norm', l.conv('value/conv', top, valueChannels, 1), activations.value);
  const valuePool = l.pool('value/pool', valueMap, { kind: 'value', signed: isSigned(activations.value) });
  const hidden = l.dense('value/hidden', valuePool, valueHidden, { activation: activations.hidden });
  const outcomes = l.dense('value/outcomes', hidden, 3);
  const scores = l.dense('value/scores', hidden, scoreOutputs(heads));
  return {
    policy: l.moveLogits(
      'policy/logits',
      l.first('policy/normal', points),
      l.first('policy/normalPass', pass),
    ),
    ...l.judgement('value/judgement', outcomes, scores, heads),
    ownership: l.ownership('ownership/map', l.conv('ownership/points', valueMap, 1, 1)),
    reply: null,
  };
}
