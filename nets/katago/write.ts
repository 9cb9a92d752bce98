/** From a net with KataGo's trunk and heads to a KataGo model file, which its own programs read too. */
import { gzipSync } from 'node:zlib';
import { KATAGO_V7 } from '../features/katago-v7.ts';
import type { NetFile } from '../file.ts';
import { hasPassHidden, scoreOutputs, versionProblem } from './spec.ts';
import type { Activation, Block, KataGoHeads, KataGoTrunk } from './spec.ts';
import { RecordWriter } from './writer.ts';

/** What a file of this name holds, as KataGo tells them apart: .bin or .txt, and .gz after it where zipped. */
export type FileForm = { readonly isText: boolean; readonly isZipped: boolean };

/** Null where the name says nothing. */
export function formOf(path: string): FileForm | null {
  const match = /\.(bin|txt)(\.gz)?$/.exec(path);
  return match === null ? null : { isText: match[1] === 'txt', isZipped: match[2] !== undefined };
}

/** A net whose trunk and heads are KataGo's. */
export type KataGoNet = NetFile & {
  readonly spec: { readonly trunk: KataGoTrunk; readonly heads: KataGoHeads };
};

export function isKataGoNet(net: NetFile): net is KataGoNet {
  return net.spec.trunk.kind === 'katago' && net.spec.heads.kind === 'katago';
}

/** The file in the version of the net's heads. @throws internal where that version has no word for what is in the net. */
export function makeKataGoFile(net: KataGoNet, { isText, isZipped }: FileForm): Uint8Array {
  const { trunk, heads } = net.spec;
  const { version, scales } = heads;
  const assumesSuicide = net.spec.featureSet === 'katago-v7-suicide';
  const problem = versionProblem(net.spec.featureSet, trunk, heads);
  if (problem !== null) throw new Error(`internal: version ${version} with ${problem}`);
  const out = new RecordWriter(net, version);
  out.put(netName(net), version, KATAGO_V7.planes, KATAGO_V7.globals);
  if (version >= 13) {
    const { tdScore, scoreMean, scoreStdev, lead, varianceTime, valueError, scoreError } = scales;
    out.put(tdScore, scoreMean, scoreStdev, lead, varianceTime, valueError, scoreError);
  }
  // No metadata encoder, the pass-alive flag, and six spare fields.
  if (version >= 15) {
    out.put(0, assumesSuicide);
    out.spare(6);
  }
  writeTrunk(out, trunk, version);
  writePolicy(out, heads, trunk.channels);
  writeValue(out, heads, trunk.channels);
  const bytes = out.bytes(isText);
  return isZipped ? gzipSync(bytes) : bytes;
}

/** A name as KataGo allows it: at most 96 letters, digits, - and _. */
function netName({ provenance }: NetFile): string {
  const name = typeof provenance.name === 'string' ? provenance.name : 'tengen';
  return name.replaceAll(/[^\w-]/g, '-').slice(0, 96) || 'tengen';
}

/** The widest of some kind in all blocks, for KataGo's buffers. */
function widest(blocks: readonly Block[], width: (block: Block) => number): number {
  return blocks.reduce(
    (most, block) =>
      Math.max(most, width(block), block.kind === 'bottleneck' ? widest(block.blocks, width) : 0),
    1,
  );
}

function writeTrunk(out: RecordWriter, trunk: KataGoTrunk, version: number): void {
  const { channels, kernel, blocks, tip, activation } = trunk;
  const middle = widest(blocks, (block) =>
    block.kind === 'bottleneck' ? block.narrow : block.kind === 'ordinary' ? block.middle : 0,
  );
  const regular = widest(blocks, (block) => (block.kind === 'gpool' ? block.regular : 0));
  const pooled = widest(blocks, (block) => (block.kind === 'gpool' ? block.pooled : 0));
  out.put('trunk', blocks.length, channels, middle, regular, regular, pooled);
  if (version >= 15) {
    out.put(tip.kind === 'rms');
    out.spare(5);
  }
  out.conv('trunk/input', kernel, KATAGO_V7.planes, channels);
  out.matrix('trunk/globals/kernel', KATAGO_V7.globals, channels);
  blocks.forEach((block, i) => writeBlock(out, `trunk/block${i}`, channels, block));
  if (tip.kind === 'rms') out.rms('trunk/norm', channels, tip.epsilon, tip.spatial);
  else out.norm('trunk/norm', channels);
  out.activation('trunk/norm', activation);
}

function writeBlock(out: RecordWriter, path: string, channels: number, block: Block): void {
  const norm = (name: string, width: number, activation: Activation): void => {
    out.norm(`${path}/${name}`, width);
    out.activation(`${path}/${name}`, activation);
  };
  switch (block.kind) {
    case 'ordinary': {
      const { kernel, middle, activations } = block;
      out.put('ordinary_block', path);
      norm('norm1', channels, activations[0]);
      out.conv(`${path}/conv1`, kernel, channels, middle);
      norm('norm2', middle, activations[1]);
      out.conv(`${path}/conv2`, kernel, middle, channels);
      return;
    }
    case 'gpool': {
      const { kernel, regular, pooled, activations } = block;
      out.put('gpool_block', path);
      norm('norm1', channels, activations[0]);
      out.conv(`${path}/conv1`, kernel, channels, regular);
      out.conv(`${path}/pooled/conv`, kernel, channels, pooled);
      norm('pooled/norm', pooled, activations[1]);
      out.matrix(`${path}/pooled/dense/kernel`, 3 * pooled, regular);
      norm('norm2', regular, activations[2]);
      out.conv(`${path}/conv2`, kernel, regular, channels);
      return;
    }
    case 'bottleneck': {
      const { narrow, blocks, activations } = block;
      out.put('nested_bottleneck_block', path, blocks.length);
      norm('norm1', channels, activations[0]);
      out.conv(`${path}/down`, 1, channels, narrow);
      blocks.forEach((inner, i) => writeBlock(out, `${path}/block${i}`, narrow, inner));
      norm('norm2', narrow, activations[1]);
      out.conv(`${path}/up`, 1, narrow, channels);
      return;
    }
    case 'attention': {
      const { epsilon, heads, kvHeads, queryDim, valueDim, rope } = block;
      out.put('transformer_attention_block', path, heads, kvHeads, queryDim, valueDim);
      out.put(rope.kind !== 'none', rope.kind === 'learned');
      out.blockNorm(`${path}/norm`, channels, epsilon);
      out.matrix(`${path}/query`, channels, heads * queryDim);
      out.matrix(`${path}/key`, channels, kvHeads * queryDim);
      out.matrix(`${path}/value`, channels, kvHeads * valueDim);
      out.matrix(`${path}/output`, heads * valueDim, channels);
      if (rope.kind === 'learned') out.frequencies(`${path}/frequencies`, kvHeads, queryDim / 2);
      if (rope.kind === 'fixed') out.put(`${path}/rope`, rope.theta);
      return;
    }
    case 'feed-forward': {
      const { epsilon, hidden } = block;
      out.put('transformer_ffn_block', path, channels, hidden, true);
      out.blockNorm(`${path}/norm`, channels, epsilon);
      out.matrix(`${path}/linear`, channels, hidden);
      out.matrix(`${path}/gate`, channels, hidden);
      out.matrix(`${path}/output`, hidden, channels);
    }
  }
}

function writePolicy(out: RecordWriter, heads: KataGoHeads, channels: number): void {
  const { version, policies, policyChannels, pooledChannels, activations } = heads;
  out.put('policy');
  if (version >= 17) {
    out.put(policies);
    out.spare(3);
  }
  out.conv('policy/conv', 1, channels, policyChannels);
  out.conv('policy/pooled/conv', 1, channels, pooledChannels);
  out.norm('policy/pooled/norm', pooledChannels);
  out.activation('policy/pooled', activations.pooled);
  out.matrix('policy/pooled/dense/kernel', 3 * pooledChannels, policyChannels);
  out.norm('policy/norm', policyChannels);
  out.activation('policy', activations.policy);
  out.conv('policy/points', 1, policyChannels, policies);
  if (hasPassHidden(heads)) {
    out.matrix('policy/pass1/kernel', 3 * pooledChannels, policyChannels);
    out.bias('policy/pass1/bias', policyChannels);
    out.activation('policy/pass1', activations.pass);
    out.matrix('policy/pass2/kernel', policyChannels, policies);
  } else out.matrix('policy/pass/kernel', 3 * pooledChannels, policies);
}

function writeValue(out: RecordWriter, heads: KataGoHeads, channels: number): void {
  const { version, valueChannels, valueHidden, activations } = heads;
  out.put('value');
  if (version >= 17) out.spare(3);
  out.conv('value/conv', 1, channels, valueChannels);
  out.norm('value/norm', valueChannels);
  out.activation('value', activations.value);
  out.matrix('value/hidden/kernel', 3 * valueChannels, valueHidden);
  out.bias('value/hidden/bias', valueHidden);
  out.activation('value/hidden', activations.hidden);
  for (const [name, width] of [
    ['value/outcomes', 3],
    ['value/scores', scoreOutputs(heads)],
  ] as const) {
    out.matrix(`${name}/kernel`, valueHidden, width);
    out.bias(`${name}/bias`, width);
  }
  out.conv('ownership/points', 1, valueChannels, 1);
}
