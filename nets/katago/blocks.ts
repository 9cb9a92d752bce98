/** The blocks of the trunk in a KataGo model file. */
import type { Records } from './records.ts';
import { LIMITS, TRANSFORMER_VERSION, ropeUnit } from './spec.ts';
import type { Block, BlockOf } from './spec.ts';

/** @param nesting bottlenecks that these blocks are within. */
export function readBlocks(
  records: Records,
  path: string,
  channels: number,
  count: number,
  nesting: number,
): Block[] {
  const blocks: Block[] = [];
  for (let i = 0; i < count; i++) blocks.push(readBlock(records, `${path}/block${i}`, channels, nesting));
  return blocks;
}

function readBlock(records: Records, path: string, channels: number, nesting: number): Block {
  const { reader } = records;
  const kind = reader.token('the kind of a block');
  if (kind.startsWith('transformer_') && records.version < TRANSFORMER_VERSION)
    reader.fail(`a block is ${kind}, before version ${TRANSFORMER_VERSION}`);
  switch (kind) {
    case 'ordinary_block':
      return readOrdinary(records, path, channels);
    case 'gpool_block':
      return readPooling(records, path, channels);
    case 'nested_bottleneck_block':
      return readBottleneck(records, path, channels, nesting);
    case 'transformer_attention_block':
      return readAttention(records, path, channels);
    case 'transformer_ffn_block':
      return readFeedForward(records, path, channels);
    default:
      return reader.fail(`a block is ${kind}, which is no kind that is known`);
  }
}

function readOrdinary(records: Records, path: string, channels: number): BlockOf<'ordinary'> {
  records.reader.name('the block');
  records.norm(`${path}/norm1`, channels);
  const first = records.activation();
  const { rows: kernel, filters: middle } = records.anyConv(`${path}/conv1`, channels);
  records.norm(`${path}/norm2`, middle);
  const second = records.activation();
  records.conv(`${path}/conv2`, middle, channels, kernel);
  return { kind: 'ordinary', kernel, middle, activations: [first, second] };
}

function readPooling(records: Records, path: string, channels: number): BlockOf<'gpool'> {
  records.reader.name('the block');
  records.norm(`${path}/norm1`, channels);
  const first = records.activation();
  const { rows: kernel, filters: regular } = records.anyConv(`${path}/conv1`, channels);
  const pooled = records.newConv(`${path}/pooled/conv`, channels, kernel);
  records.norm(`${path}/pooled/norm`, pooled);
  const apart = records.activation();
  records.matrix(`${path}/pooled/dense/kernel`, 3 * pooled, regular);
  records.norm(`${path}/norm2`, regular);
  const last = records.activation();
  records.conv(`${path}/conv2`, regular, channels, kernel);
  return { kind: 'gpool', kernel, regular, pooled, activations: [first, apart, last] };
}

function readBottleneck(records: Records, path: string, channels: number, nesting: number): Block {
  const { reader } = records;
  reader.name('the block');
  if (nesting === LIMITS.nesting) reader.fail(`it is within ${LIMITS.nesting} others; no more are read`);
  const count = reader.int('its number of blocks', 0, LIMITS.blocks);
  records.norm(`${path}/norm1`, channels);
  const first = records.activation();
  const narrow = records.newConv(`${path}/down`, channels, 1);
  const blocks = readBlocks(records, path, narrow, count, nesting + 1);
  records.norm(`${path}/norm2`, narrow);
  const last = records.activation();
  records.conv(`${path}/up`, narrow, channels, 1);
  return { kind: 'bottleneck', narrow, blocks, activations: [first, last] };
}

function readAttention(records: Records, path: string, channels: number): BlockOf<'attention'> {
  const { reader } = records;
  reader.name('the block');
  const heads = reader.int('its number of heads', 1, LIMITS.heads);
  const kvHeads = reader.int('its number of key heads', 1, LIMITS.heads);
  if (heads % kvHeads !== 0) reader.fail(`its ${heads} heads do not share ${kvHeads} keys evenly`);
  const queryDim = reader.int('the width of its queries', 1, LIMITS.headWidth);
  const valueDim = reader.int('the width of its values', 1, LIMITS.headWidth);
  const [isTurned, isLearned] = [reader.flag('its rope flag'), reader.flag('its learned rope flag')];
  const unit = ropeUnit(!isTurned ? 'none' : isLearned ? 'learned' : 'fixed');
  if (queryDim % unit !== 0) reader.fail(`the width of its queries is no multiple of ${unit}`);
  const epsilon = records.blockNorm(`${path}/norm`, channels);
  records.matrix(`${path}/query`, channels, heads * queryDim);
  records.matrix(`${path}/key`, channels, kvHeads * queryDim);
  records.matrix(`${path}/value`, channels, kvHeads * valueDim);
  records.matrix(`${path}/output`, heads * valueDim, channels);
  const widths = { epsilon, heads, kvHeads, queryDim, valueDim };
  if (!isTurned) return { kind: 'attention', ...widths, rope: { kind: 'none' } };
  if (isLearned) {
    records.frequencies(`${path}/frequencies`, kvHeads, queryDim / 2);
    return { kind: 'attention', ...widths, rope: { kind: 'learned' } };
  }
  reader.name('the rope');
  const theta = reader.number('its theta', 1e-6, 1e9);
  return { kind: 'attention', ...widths, rope: { kind: 'fixed', theta } };
}

function readFeedForward(records: Records, path: string, channels: number): BlockOf<'feed-forward'> {
  const { reader } = records;
  reader.name('the block');
  reader.expect('its number of channels', channels);
  const hidden = reader.int('its number of hidden channels', 1, LIMITS.hidden);
  reader.expect('its gate flag', 1);
  const epsilon = records.blockNorm(`${path}/norm`, channels);
  records.matrix(`${path}/linear`, channels, hidden);
  records.matrix(`${path}/gate`, channels, hidden);
  records.matrix(`${path}/output`, hidden, channels);
  return { kind: 'feed-forward', epsilon, hidden };
}
