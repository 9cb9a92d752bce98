/** A network as data: what it sees, its trunk, and its heads. */
import { z } from 'zod';
import { ClassHeads, TengenHeads } from './architectures/heads.ts';
import { Trunk, hasTaps, isTrunkFor } from './architectures/trunk.ts';
import { FEATURE_SET_NAMES, OWN_FEATURES } from './features/feature-set.ts';
import type { FeatureSetName } from './features/feature-set.ts';
import { KataGoHeads, versionProblem } from './katago/spec.ts';

/** Files written before there were other heads do not name theirs. */
const withKind = (heads: unknown): unknown =>
  typeof heads === 'object' && heads !== null && !('kind' in heads) ? { kind: 'tengen', ...heads } : heads;

/** Whether auxiliary heads, where they are asked for, have a place. */
const canTap = ({ trunk, heads }: { trunk: Trunk; heads: object }): boolean =>
  hasTaps(trunk) || !('auxiliary' in heads) || heads.auxiliary !== true;
const NO_TAPS = {
  path: ['heads', 'auxiliary'],
  error: 'auxiliary heads sit on the way through inception trunks alone; leave them out',
};

/** A net for boards of any size. */
export const NetSpec = z
  .strictObject({
    featureSet: z.enum(FEATURE_SET_NAMES),
    trunk: Trunk,
    heads: z.preprocess(withKind, z.discriminatedUnion('kind', [TengenHeads, KataGoHeads])),
  })
  .refine(({ trunk }) => isTrunkFor('board', trunk), {
    path: ['trunk'],
    error: 'it has to be one for boards, with scale: board',
  })
  .refine(({ trunk, heads }) => (trunk.kind === 'katago') === (heads.kind === 'katago'), {
    path: ['heads', 'kind'],
    error: 'heads of kind katago go with trunks of kind katago, and no others',
  })
  .refine(
    ({ featureSet, trunk, heads }) =>
      trunk.kind !== 'katago' || heads.kind !== 'katago' || versionProblem(featureSet, trunk, heads) === null,
    { path: ['heads', 'version'], error: 'it has no word for what is in the net' },
  )
  .refine(canTap, NO_TAPS);
export type NetSpec = z.infer<typeof NetSpec>;

/** Of the images that nets take. */
export const MAX_IMAGE_SIDE = 512;
export const MAX_IMAGE_CHANNELS = 16;

const side = z.int().min(1).max(MAX_IMAGE_SIDE);

/** A net that tells the class of images of one size. */
export const ImageSpec = z
  .strictObject({
    image: z.strictObject({ height: side, width: side, channels: z.int().min(1).max(MAX_IMAGE_CHANNELS) }),
    trunk: Trunk,
    heads: ClassHeads,
  })
  .refine(({ trunk }) => isTrunkFor('image', trunk), {
    path: ['trunk'],
    error: 'it has to be one for images, with scale: image',
  })
  .refine(canTap, NO_TAPS);
export type ImageSpec = z.infer<typeof ImageSpec>;

/** What keeps a net from taking images of this size, which it may pad; or null. */
export function imageMisfit({ image }: ImageSpec, given: ImageSpec['image']): string | null {
  const { height, width, channels } = given;
  if (image.channels === channels && image.height >= height && image.width >= width) return null;
  return `it takes images of ${image.height} x ${image.width} x ${image.channels}, and these have ${height} x ${width} x ${channels}`;
}

export type AnySpec = NetSpec | ImageSpec;

export const isImageSpec = (spec: AnySpec): spec is ImageSpec => 'image' in spec;

/** The net as it plays: without the heads that only training has. */
export function playedSpec<Spec extends AnySpec>(spec: Spec): Spec {
  if (spec.heads.kind === 'katago') return spec;
  const { reply: _reply, auxiliary: _auxiliary, ...heads } = spec.heads as TengenHeads;
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
