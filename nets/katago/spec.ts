/** The part of a net's spec that KataGo's nets have: their trunk as a list of blocks, and their heads. */
import { z } from 'zod';
import type { FeatureSetName } from '../features/feature-set.ts';
import { DEFAULT_SCALES } from './outputs.ts';

/** What a net may have at most: several times what KataGo's largest have, and small enough to allocate. Our choice. */
export const LIMITS = {
  channels: 4096,
  kernel: 19,
  heads: 256,
  headWidth: 1024,
  hidden: 16_384,
  blocks: 256,
  /** Bottlenecks within one another; KataGo's published nets have one. */
  nesting: 3,
  scale: 1e6,
} as const;

const channels = z.int().min(1).max(LIMITS.channels);
/** Columns and rows of a square kernel. */
const kernel = z
  .int()
  .min(1)
  .max(LIMITS.kernel)
  .refine((size) => size % 2 === 1, 'it has to be odd');
const epsilon = z.number().min(0).max(1);

export const Activation = z.enum(['identity', 'relu', 'mish', 'silu']);
export type Activation = z.infer<typeof Activation>;

const Rope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** Pair p of a half turns by theta^(-2p / (queryDim / 2)) a point; the first half of the pairs counts rows, the second columns. */
  z.strictObject({ kind: z.literal('fixed'), theta: z.number().positive() }),
  /** Every pair of every key head turns by its own frequencies, which are weights. */
  z.strictObject({ kind: z.literal('learned') }),
]);

/** What the width of queries has to be a multiple of: pairs, and half of them for each axis where that is fixed. */
export const ropeUnit = (kind: z.infer<typeof Rope>['kind']): number =>
  ({ none: 1, learned: 2, fixed: 4 })[kind];

/** Activations are in the order in which a block applies them. */
const PlainBlock = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ordinary'),
    kernel,
    middle: channels,
    activations: z.tuple([Activation, Activation]),
  }),
  z.strictObject({
    kind: z.literal('gpool'),
    kernel,
    /** Channels of the ordinary path, and of the pooled one that is added to it. */
    regular: channels,
    pooled: channels,
    activations: z.tuple([Activation, Activation, Activation]),
  }),
  z
    .strictObject({
      kind: z.literal('attention'),
      epsilon,
      heads: z.int().min(1).max(LIMITS.heads),
      /** A group of heads / kvHeads queries shares a key and a value. */
      kvHeads: z.int().min(1).max(LIMITS.heads),
      queryDim: z.int().min(1).max(LIMITS.headWidth),
      valueDim: z.int().min(1).max(LIMITS.headWidth),
      rope: Rope,
    })
    .refine(({ heads, kvHeads }) => heads % kvHeads === 0, {
      path: ['kvHeads'],
      error: 'the heads have to share the keys evenly',
    })
    .refine(({ queryDim, rope }) => queryDim % ropeUnit(rope.kind) === 0, {
      path: ['queryDim'],
      error: 'it has to be a multiple of 2 for a learned rope, of 4 for a fixed one',
    }),
  z.strictObject({ kind: z.literal('feed-forward'), epsilon, hidden: z.int().min(1).max(LIMITS.hidden) }),
]);

type Bottleneck = {
  readonly kind: 'bottleneck';
  readonly narrow: number;
  readonly blocks: readonly Block[];
  readonly activations: readonly [Activation, Activation];
};
export type Block = z.infer<typeof PlainBlock> | Bottleneck;
export type BlockOf<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>;

function blockWithin(nesting: number): z.ZodType<Block> {
  if (nesting === 0) return PlainBlock;
  return z.union([
    PlainBlock,
    z.strictObject({
      kind: z.literal('bottleneck'),
      narrow: channels,
      blocks: z.array(blockWithin(nesting - 1)).max(LIMITS.blocks),
      activations: z.tuple([Activation, Activation]),
    }),
  ]);
}

export const KataGoTrunk = z.strictObject({
  kind: z.literal('katago'),
  channels,
  /** Of the convolution of the planes. */
  kernel,
  blocks: z.array(blockWithin(LIMITS.nesting)).max(LIMITS.blocks),
  tip: z.discriminatedUnion('kind', [
    /** One scale and shift a channel, which is what a batch norm is in play. */
    z.strictObject({ kind: z.literal('affine') }),
    /** Divided by the root of the mean square over the channels of a point, or of all points where `spatial`. */
    z.strictObject({ kind: z.literal('rms'), epsilon, spatial: z.boolean() }),
  ]),
  activation: Activation,
});
export type KataGoTrunk = z.infer<typeof KataGoTrunk>;

/** Units of the raw outputs, "multipliers" in the file: points, or a share of the game for `valueError`. */
const scale = z.number().positive().max(LIMITS.scale);
export const OutputScales = z.strictObject({
  tdScore: scale,
  scoreMean: scale,
  scoreStdev: scale,
  lead: scale,
  varianceTime: scale,
  valueError: scale,
  scoreError: scale,
});
export type OutputScales = z.infer<typeof OutputScales>;

export const OLDEST_VERSION = 8;
export const NEWEST_VERSION = 17;
/** What our own nets become: the first whose pass comes from a hidden layer, as ours does. */
export const OWN_VERSION = 15;

export const KataGoHeads = z.strictObject({
  kind: z.literal('katago'),
  /** Of KataGo's model format, which also says how raw outputs are to be read. */
  version: z.int().min(OLDEST_VERSION).max(NEWEST_VERSION),
  policyChannels: channels,
  pooledChannels: channels,
  /** Policies in the file; the first is the one to play by. */
  policies: z.union([z.literal(1), z.literal(2), z.literal(4)]),
  valueChannels: channels,
  valueHidden: channels,
  scales: OutputScales,
  /** `pass` is used from version 15 on. */
  activations: z.strictObject({
    pooled: Activation,
    policy: Activation,
    pass: Activation,
    value: Activation,
    hidden: Activation,
  }),
});
export type KataGoHeads = z.infer<typeof KataGoHeads>;

/** Whether the logit of a pass comes from a hidden layer. */
export const hasPassHidden = ({ version }: Pick<KataGoHeads, 'version'>): boolean => version >= 15;
/** Score mean, stdev, lead and varying time; then the short-term errors of value and score. */
export const scoreOutputs = ({ version }: Pick<KataGoHeads, 'version'>): number => (version >= 9 ? 6 : 4);

/** The first version whose trunks may have attention, feed-forward blocks and a tip that is a root mean square. */
export const TRANSFORMER_VERSION = 17;

/** Policies of each version, 1 before; version 17 says how many. */
const POLICIES: Readonly<Record<number, number>> = { 12: 2, 13: 2, 14: 2, 15: 2, 16: 4 };

function* activationsOf(blocks: readonly Block[]): Generator<Activation> {
  for (const block of blocks) {
    if ('activations' in block) yield* block.activations;
    if (block.kind === 'bottleneck') yield* activationsOf(block.blocks);
  }
}

const hasTransformer = (blocks: readonly Block[]): boolean =>
  blocks.some((block) =>
    block.kind === 'bottleneck'
      ? hasTransformer(block.blocks)
      : block.kind === 'attention' || block.kind === 'feed-forward',
  );

/** What a net has that the version of its heads has no word for, or null. */
export function versionProblem(
  featureSet: FeatureSetName,
  trunk: KataGoTrunk,
  { version, policies, scales, activations }: KataGoHeads,
): string | null {
  const used = [trunk.activation, ...activationsOf(trunk.blocks), ...Object.values(activations)];
  if (version < 11 && used.some((activation) => activation !== 'relu')) return 'activations other than relu';
  if (version < TRANSFORMER_VERSION && (trunk.tip.kind === 'rms' || hasTransformer(trunk.blocks)))
    return 'transformers';
  const isDefault = (name: keyof OutputScales): boolean => scales[name] === DEFAULT_SCALES[name];
  if (version < 13 && !OutputScales.keyof().options.every(isDefault)) return 'multipliers of its own';
  if (version < 15 && featureSet === 'katago-v7-suicide') return 'a pass-alive flag';
  const isRight = version === 17 ? policies > 1 : policies === (POLICIES[version] ?? 1);
  return isRight ? null : `${policies} policies`;
}
