/** Our own heads: for boards as in Wu 2019, section 3.3, and for the classes of images. */
import { z } from 'zod';
import type { Layers, TrunkOutputs } from './layers.ts';
import type { AuxiliaryOutputs, BoardHeads, ImageOutputs } from './net.ts';
import { segmentation } from './segmentation.ts';

export const TengenHeads = z.strictObject({
  kind: z.literal('tengen'),
  policyChannels: z.int().min(1).max(256),
  valueChannels: z.int().min(1).max(256),
  /** Hidden units between the pooled value map and the value and score. */
  valueHidden: z.int().min(1).max(1024),
  /** What ownership is read off: each point of the value map alone, which is the default, or a U-shaped net on it. */
  ownership: z.enum(['points', 'unet']).optional(),
  /** Whether there is a head for the opponent's reply, which only training has: it makes the trunk look a move further. */
  reply: z.boolean().optional(),
  /** Whether each tap of the trunk has a policy and a value of its own, which only training has. */
  auxiliary: z.boolean().optional(),
});
export type TengenHeads = z.infer<typeof TengenHeads>;

export const ClassHeads = z.strictObject({
  kind: z.literal('classes'),
  classes: z.int().min(2).max(1000),
  /** Whether each tap of the trunk has classes of its own, which only training has. */
  auxiliary: z.boolean().optional(),
});
export type ClassHeads = z.infer<typeof ClassHeads>;

/** Of the He deviation, for convolutions whose sums nothing normalises: outputs start near no opinion. Our choice. */
const OUTPUT_GAIN = 0.5;

/** The layer that the opponent's reply comes out of. */
export const REPLY_LOGITS = 'reply/logits';

/** @param top the trunk's map. @param signed whether it may be negative. */
export function tengenHeads<X>(l: Layers<X>, heads: TengenHeads, top: X, signed: boolean): BoardHeads<X> {
  const { policyChannels, valueChannels, valueHidden } = heads;
  const pooled = l.pool('policy/pool', top, { kind: 'policy', signed });
  const policyMap = l.addVector(
    'policy/sum',
    l.conv('policy/conv', top, policyChannels, 1),
    l.dense('policy/globals', pooled, policyChannels),
  );
  const policyTop = l.batchNorm('policy/bn', policyMap);
  const points = l.conv('policy/points', policyTop, 1, 1, { gain: OUTPUT_GAIN });
  const passHidden = l.dense('policy/pass1', pooled, policyChannels, { activation: 'relu' });
  const pass = l.dense('policy/pass2', passHidden, 1);

  const valueMap = l.batchNorm('value/bn', l.conv('value/conv', top, valueChannels, 1));
  const valuePool = l.pool('value/pool', valueMap, { kind: 'value', signed: false });
  const hidden = l.dense('value/hidden', valuePool, valueHidden, { activation: 'relu' });
  const owners =
    heads.ownership === 'unet' ? segmentation(l, 'ownership', valueMap, valueChannels) : valueMap;
  const outputs = {
    policy: l.moveLogits('policy/logits', points, pass),
    value: l.dense('value/value', hidden, 1, { activation: 'tanh' }),
    score: l.dense('value/score', hidden, 1),
    ownership: l.ownership('ownership/map', l.conv('ownership/points', owners, 1, 1, { gain: OUTPUT_GAIN })),
    stdev: null,
  };
  if (heads.reply !== true) return { ...outputs, reply: null };
  // On the policy's own map, as in Wu 2019, section 3.4, so that it costs next to nothing.
  const replyPoints = l.conv('reply/points', policyTop, 1, 1, { gain: OUTPUT_GAIN });
  return { ...outputs, reply: l.moveLogits(REPLY_LOGITS, replyPoints, l.dense('reply/pass', passHidden, 1)) };
}

/** The policy and the value that a tap alone gives, as the i-th auxiliary classifiers of Szegedy et al. 2015, section 5. */
export function auxiliaryHeads<X>(l: Layers<X>, tap: X, i: number): AuxiliaryOutputs<X> {
  const name = auxiliaryName(i);
  const pooled = l.pool(`${name}/pool`, tap, { kind: 'policy', signed: true });
  const points = l.conv(`${name}/points`, tap, 1, 1, { gain: OUTPUT_GAIN });
  return {
    policy: l.moveLogits(`${name}/logits`, points, l.dense(`${name}/pass`, pooled, 1)),
    value: l.dense(`${name}/value`, pooled, 1, { activation: 'tanh' }),
  };
}

/** From 1. */
const auxiliaryName = (i: number): string => `aux${i + 1}`;

/** Whether an output of a model is one of an auxiliary head, by the name of its layer. */
export const isAuxiliary = (name: string): boolean => /^aux\d+\//.test(name);

/** Logits of the classes: a dense layer on the top, of a map on its mean over the points (Lin et al. 2014, section 3.2). */
export function classHeads<X>(
  l: Layers<X>,
  { classes, auxiliary = false }: ClassHeads,
  { top, taps }: TrunkOutputs<X>,
): ImageOutputs<X> {
  const logits = (name: string, x: X): X =>
    l.dense(`${name}/classes`, l.pointMean(`${name}/mean`, x), classes);
  return {
    classes: logits('head', top),
    auxiliary: auxiliary ? taps.map((tap, i) => logits(auxiliaryName(i), tap)) : [],
  };
}
