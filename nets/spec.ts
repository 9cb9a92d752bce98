/** A network as data: what it sees, how wide and deep its trunk is, and its heads. */
import { z } from 'zod';
import { FEATURE_SET_NAMES, OWN_FEATURES } from './features/feature-set.ts';
import type { FeatureSetName } from './features/feature-set.ts';
import { KataGoHeads, KataGoTrunk } from './katago/spec.ts';

const ResnetTrunk = z.strictObject({
  kind: z.literal('resnet'),
  /** Residual blocks of two 3x3 convolutions. */
  blocks: z.int().min(1).max(60),
  channels: z.int().min(4).max(512),
});
export type ResnetTrunk = z.infer<typeof ResnetTrunk>;

const TengenHeads = z.strictObject({
  kind: z.literal('tengen'),
  policyChannels: z.int().min(1).max(256),
  valueChannels: z.int().min(1).max(256),
  /** Hidden units between the pooled value map and the value and score. */
  valueHidden: z.int().min(1).max(1024),
  /** Whether there is a head for the opponent's reply, which only training has: it makes the trunk look a move further. */
  reply: z.boolean().optional(),
});
export type TengenHeads = z.infer<typeof TengenHeads>;

/** Files written before there were other heads do not name theirs. */
const withKind = (heads: unknown): unknown =>
  typeof heads === 'object' && heads !== null && !('kind' in heads) ? { kind: 'tengen', ...heads } : heads;

export const NetSpec = z
  .strictObject({
    featureSet: z.enum(FEATURE_SET_NAMES),
    trunk: z.discriminatedUnion('kind', [ResnetTrunk, KataGoTrunk]),
    heads: z.preprocess(withKind, z.discriminatedUnion('kind', [TengenHeads, KataGoHeads])),
  })
  .refine(({ trunk, heads }) => (trunk.kind === 'resnet') === (heads.kind === 'tengen'), {
    path: ['heads', 'kind'],
  });
export type NetSpec = z.infer<typeof NetSpec>;

/** The net as it plays: without the head that only training has. */
export function playedSpec(spec: NetSpec): NetSpec {
  if (spec.heads.kind !== 'tengen') return spec;
  const { reply: _reply, ...heads } = spec.heads;
  return { ...spec, heads };
}

/** A residual net of ours with heads in proportion to its width. */
export function resnetSpec(
  blocks: number,
  channels: number,
  featureSet: FeatureSetName = OWN_FEATURES.name,
): NetSpec {
  const heads = { policyChannels: channels, valueChannels: channels, valueHidden: 2 * channels };
  return { featureSet, trunk: { kind: 'resnet', blocks, channels }, heads: { kind: 'tengen', ...heads } };
}
