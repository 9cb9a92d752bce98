/** Our own trunk and heads. Pre-activation residual blocks (He et al. 2016b); heads as in Wu 2019, section 3.3. */
import type { ResnetTrunk, TengenHeads } from '../spec.ts';
import type { Layers } from './layers.ts';
import type { NetOutputs } from './net.ts';

/** Of the He deviation, for convolutions whose sums nothing normalises: outputs start near no opinion. Our choice. */
const OUTPUT_GAIN = 0.5;

/** The layer that the opponent's reply comes out of. */
export const REPLY_LOGITS = 'reply/logits';

/** Conv 3x3 of the planes plus a dense map of the globals, blocks x + conv(relu(bn(conv(relu(bn x))))), bn and relu. */
export function resnetTrunk<X>(l: Layers<X>, { blocks, channels }: ResnetTrunk): X {
  let trunk = l.addVector(
    'trunk/sum',
    l.conv('trunk/input', l.planes, channels, 3),
    l.dense('trunk/globals', l.globals, channels),
  );
  // So that the sum over blocks does not grow with depth: L^(-1/2), Fixup's scale for branches of two layers (Zhang et al. 2019).
  const gain = 1 / Math.sqrt(blocks);
  for (let i = 0; i < blocks; i++) {
    const name = `trunk/block${i}`;
    const inner = l.conv(`${name}/conv1`, l.batchNormRelu(`${name}/bn1`, trunk), channels, 3);
    const outer = l.conv(`${name}/conv2`, l.batchNormRelu(`${name}/bn2`, inner), channels, 3, gain);
    trunk = l.add(`${name}/sum`, trunk, outer);
  }
  return l.batchNormRelu('trunk/bn', trunk);
}

/** @param top the trunk's map, nowhere negative. */
export function tengenHeads<X>(l: Layers<X>, heads: TengenHeads, top: X): NetOutputs<X> {
  const { policyChannels, valueChannels, valueHidden } = heads;
  const pooled = l.pool('policy/pool', top, { kind: 'policy', signed: false });
  const policyMap = l.addVector(
    'policy/sum',
    l.conv('policy/conv', top, policyChannels, 1),
    l.dense('policy/globals', pooled, policyChannels),
  );
  const policyTop = l.batchNormRelu('policy/bn', policyMap);
  const points = l.conv('policy/points', policyTop, 1, 1, OUTPUT_GAIN);
  const passHidden = l.dense('policy/pass1', pooled, policyChannels, { activation: 'relu' });
  const pass = l.dense('policy/pass2', passHidden, 1);

  const valueMap = l.batchNormRelu('value/bn', l.conv('value/conv', top, valueChannels, 1));
  const valuePool = l.pool('value/pool', valueMap, { kind: 'value', signed: false });
  const hidden = l.dense('value/hidden', valuePool, valueHidden, { activation: 'relu' });
  const outputs = {
    policy: l.moveLogits('policy/logits', points, pass),
    value: l.dense('value/value', hidden, 1, { activation: 'tanh' }),
    score: l.dense('value/score', hidden, 1),
    ownership: l.ownership('ownership/map', l.conv('ownership/points', valueMap, 1, 1, OUTPUT_GAIN)),
    stdev: null,
  };
  if (heads.reply !== true) return { ...outputs, reply: null };
  // On the policy's own map, as in Wu 2019, section 4.1, so that it costs next to nothing.
  const replyPoints = l.conv('reply/points', policyTop, 1, 1, OUTPUT_GAIN);
  return { ...outputs, reply: l.moveLogits(REPLY_LOGITS, replyPoints, l.dense('reply/pass', passHidden, 1)) };
}
