/** Our own nets in KataGo's architecture: other layers, the same function. */
import type { NetFile, WeightArray } from '../file.ts';
import { foldedBatchNorm } from '../layers/fold.ts';
import type { TengenHeads } from '../architectures/heads.ts';
import type { ResnetTrunk } from '../architectures/resnet.ts';
import { weightOf } from '../weight-of.ts';
import { DEFAULT_SCALES, SCORE_CHANNEL } from './outputs.ts';
import { OWN_VERSION, scoreOutputs } from './spec.ts';
import type { BlockOf, KataGoHeads, KataGoTrunk } from './spec.ts';
import type { KataGoNet } from './write.ts';

/** Of version 15: the one to play by, and an optimistic one that search may mix in. Ours is both. */
const POLICIES = 2;
/** Logit of no result, against one of win and loss that is 0 or more: e^-60 is no chance, in half precision too. */
const NO_RESULT = -60;

const RELU = 'relu' as const;

/**
 * A net of ours that sees katago-v7 as one of KataGo's that says the same. Its outputs that ours does not have
 * are constant: the score's deviation is 20 softplus(0) = 13.9 points, and errors and varying time follow likewise from
 * raw outputs of 0. Mean score and lead are both our score.
 */
export function asKataGo(net: NetFile, trunk: ResnetTrunk, heads: TengenHeads): KataGoNet {
  const weights = new Map<string, WeightArray>();
  const copy = { net, weights };
  const spec = {
    featureSet: net.spec.featureSet,
    trunk: copyTrunk(copy, trunk),
    heads: copyHeads(copy, trunk.channels, heads),
  };
  return { spec, weights, provenance: net.provenance };
}

type Copy = { readonly net: NetFile; readonly weights: Map<string, WeightArray> };

/** Weights [rows, columns] by a function of their place. */
function fill(
  { weights }: Copy,
  name: string,
  shape: readonly number[],
  at: (row: number, column: number) => number,
): void {
  const columns = shape[shape.length - 1];
  const size = shape.reduce((product, side) => product * side, 1);
  const values = Float32Array.from({ length: size }, (_, i) => at(Math.floor(i / columns), i % columns));
  weights.set(name, { shape, values });
}

/** A batch norm as a scale and a shift. */
function copyNorm({ net, weights }: Copy, to: string, from: string): void {
  for (const [part, values] of Object.entries(foldedBatchNorm(net, from)))
    weights.set(`${to}/${part}`, { shape: [values.length], values });
}

function copyTrunk(copy: Copy, { blocks, channels }: ResnetTrunk): KataGoTrunk {
  const { weights } = copy;
  const input = weightOf(copy.net, 'trunk/input/kernel');
  const [size, , planes] = input.shape;
  const bias = weightOf(copy.net, 'trunk/globals/bias').values;
  // The first plane is 1 on the board: what its centre tap adds is added to every point of the board.
  const centre = ((size * size - 1) / 2) * planes;
  fill(copy, 'trunk/input/kernel', input.shape, (row, column) => {
    return input.values[row * channels + column] + (row === centre ? bias[column] : 0);
  });
  weights.set('trunk/globals/kernel', weightOf(copy.net, 'trunk/globals/kernel'));
  for (let i = 0; i < blocks; i++)
    for (const half of [1, 2]) {
      const name = `trunk/block${i}`;
      copyNorm(copy, `${name}/norm${half}`, `${name}/bn${half}`);
      weights.set(`${name}/conv${half}/kernel`, weightOf(copy.net, `${name}/conv${half}/kernel`));
    }
  copyNorm(copy, 'trunk/norm', 'trunk/bn');
  const block = (): BlockOf<'ordinary'> => ({
    kind: 'ordinary',
    kernel: 3,
    middle: channels,
    activations: [RELU, RELU],
  });
  return {
    kind: 'katago',
    channels,
    kernel: size,
    blocks: Array.from({ length: blocks }, block),
    tip: { kind: 'affine' },
    activation: RELU,
  };
}

function copyHeads(copy: Copy, channels: number, heads: TengenHeads): KataGoHeads {
  const { weights } = copy;
  // One channel more than ours: its pass is always 1, so that it carries the bias of the last layer; its points are 0.
  const policyChannels = heads.policyChannels + 1;
  const extra = heads.policyChannels;
  const { valueChannels, valueHidden } = heads;
  const at = (name: string): ((row: number, column: number) => number) => {
    const { shape, values } = weightOf(copy.net, name);
    const columns = shape[shape.length - 1];
    return (row, column) => (column < columns ? values[row * columns + column] : 0);
  };

  // KataGo pools a map of its own for the policy; a copy of the trunk's, which is nowhere negative, passes its relu as it is.
  fill(copy, 'policy/pooled/conv/kernel', [1, 1, channels, channels], (i, o) => (i === o ? 1 : 0));
  fill(copy, 'policy/pooled/norm/scale', [channels], () => 1);
  fill(copy, 'policy/pooled/norm/shift', [channels], () => 0);
  fill(copy, 'policy/conv/kernel', [1, 1, channels, policyChannels], at('policy/conv/kernel'));
  fill(copy, 'policy/pooled/dense/kernel', [3 * channels, policyChannels], at('policy/globals/kernel'));
  const bn = foldedBatchNorm(copy.net, 'policy/bn');
  const bias = weightOf(copy.net, 'policy/globals/bias').values;
  fill(copy, 'policy/norm/scale', [policyChannels], (_, c) => (c === extra ? 0 : bn.scale[c]));
  fill(copy, 'policy/norm/shift', [policyChannels], (_, c) =>
    c === extra ? 0 : bn.shift[c] + bn.scale[c] * bias[c],
  );
  const points = weightOf(copy.net, 'policy/points/kernel').values;
  fill(copy, 'policy/points/kernel', [1, 1, policyChannels, POLICIES], (row) =>
    row === extra ? 0 : points[row],
  );
  fill(copy, 'policy/pass1/kernel', [3 * channels, policyChannels], at('policy/pass1/kernel'));
  const passBias = weightOf(copy.net, 'policy/pass1/bias').values;
  fill(copy, 'policy/pass1/bias', [policyChannels], (_, c) => (c === extra ? 1 : passBias[c]));
  const [pass, lastBias] = [
    weightOf(copy.net, 'policy/pass2/kernel').values,
    weightOf(copy.net, 'policy/pass2/bias').values[0],
  ];
  fill(copy, 'policy/pass2/kernel', [policyChannels, POLICIES], (row) =>
    row === extra ? lastBias : pass[row],
  );

  weights.set('value/conv/kernel', weightOf(copy.net, 'value/conv/kernel'));
  copyNorm(copy, 'value/norm', 'value/bn');
  for (const part of ['kernel', 'bias'])
    weights.set(`value/hidden/${part}`, weightOf(copy.net, `value/hidden/${part}`));
  // tanh x is what the softmax of x and -x says of win minus loss.
  const value = weightOf(copy.net, 'value/value/kernel').values;
  const valueBias = weightOf(copy.net, 'value/value/bias').values[0];
  const sign = [1, -1, 0];
  fill(copy, 'value/outcomes/kernel', [valueHidden, 3], (row, c) => sign[c] * value[row]);
  fill(copy, 'value/outcomes/bias', [3], (_, c) => (c === 2 ? NO_RESULT : sign[c] * valueBias));
  const score = weightOf(copy.net, 'value/score/kernel').values;
  const scoreBias = weightOf(copy.net, 'value/score/bias').values[0];
  const isScore = (c: number): boolean => c === SCORE_CHANNEL.mean || c === SCORE_CHANNEL.lead;
  const scores = scoreOutputs({ version: OWN_VERSION });
  fill(copy, 'value/scores/kernel', [valueHidden, scores], (row, c) => (isScore(c) ? score[row] : 0));
  fill(copy, 'value/scores/bias', [scores], (_, c) => (isScore(c) ? scoreBias : 0));
  weights.set('ownership/points/kernel', weightOf(copy.net, 'ownership/points/kernel'));
  return {
    kind: 'katago',
    version: OWN_VERSION,
    policyChannels,
    pooledChannels: channels,
    policies: POLICIES,
    valueChannels,
    valueHidden,
    scales: DEFAULT_SCALES,
    activations: { pooled: RELU, policy: RELU, pass: RELU, value: RELU, hidden: RELU },
  };
}
