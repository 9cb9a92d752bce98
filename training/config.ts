/** Everything a supervised run depends on, with its defaults. */
import { z } from 'zod';
import { FEATURE_SET_NAMES, OWN_FEATURES } from '#nets/features/feature-set.ts';
import { LOSS_WEIGHTS } from '#nets/loss.ts';
import { ImageSpec, NetSpec } from '#nets/spec.ts';
import type { AnySpec } from '#nets/spec.ts';
import { BoardAugment } from './augment/board-augment.ts';
import { DEFAULT_HOLD_OUT } from './holdout.ts';
import { difference, suited } from './config-tree.ts';
import { refuseTwice } from './distinct.ts';
import { MONITORS } from './early-stopping.ts';
import { ImageAugment } from './images/augment.ts';
import { LearnerConfig } from './learner-config.ts';
import { ofTrainer } from './of-trainer.ts';
import { rateProblem } from './schedule.ts';

const GameData = z
  .strictObject({
    kind: z.literal('games'),
    /** SGF files or folders. */
    files: z.array(z.string()).min(1),
    featureSet: z.enum(FEATURE_SET_NAMES).default(OWN_FEATURES.name),
    /** Points along a side of the boards that are learned from; null for boards of any size. */
    size: z.int().min(2).max(25).nullable().default(null),
    augment: BoardAugment.prefault({}),
    /** A net file whose net says which positions are drawn more often: those whose moves it is unsure of. It has to stay as it is until the run has ended. Null to draw all alike. */
    sampler: z.string().nullable().default(null),
  })
  .refine(
    ({ size, augment: { crop, cropSides } }) =>
      size === null || crop === 0 || cropSides.every((side) => side < size),
    { error: 'a corner has to be smaller than the boards, data.size', path: ['augment', 'cropSides'] },
  );
export type GameData = z.infer<typeof GameData>;

const SelfPlayData = z.strictObject({
  kind: z.literal('self-play'),
  /** Folders of runs of `train zero` or `train distil`. */
  runs: z.array(z.string()).min(1),
  featureSet: z.enum(FEATURE_SET_NAMES).default(OWN_FEATURES.name),
  /** Share of the search's value and score in those targets, and of the net's opinion in the ownership's; the rest is how the game ended. */
  valueFromSearch: z.number().min(0).max(1).default(0.25),
});
export type SelfPlayData = z.infer<typeof SelfPlayData>;

const ImageData = z.strictObject({
  kind: z.literal('images'),
  /** With files named as MNIST's. */
  folder: z.string(),
  /** The labels to tell apart, in the order of the net's outputs; null for all. */
  classes: z.array(z.int().min(0).max(255)).min(2).superRefine(refuseTwice).nullable().default(null),
  augment: ImageAugment.prefault({}),
});
export type ImageData = z.infer<typeof ImageData>;

function netSchema(given: unknown): z.ZodType<string | AnySpec> {
  if (typeof given !== 'object' || given === null) return z.string().min(1, 'name one, such as 4x32');
  return 'image' in given ? ImageSpec : NetSpec;
}

/** A run that asks for no weights of losses has no head for the reply. */
const NO_REPLY = { reply: 0 };
const isUsual = (weights: LearnerConfig['lossWeights']): boolean =>
  difference(weights, { ...LOSS_WEIGHTS, ...NO_REPLY }) === null;

const fields = z
  .strictObject({
    data: z.discriminatedUnion('kind', [GameData, SelfPlayData, ImageData]),
    /** Name of the net, see nets/architectures/named.ts, or what it is, as that of another net. */
    net: suited(netSchema).default('4x32'),
    /** Fields of that net's trunk and heads that are to be different. */
    trunk: z.record(z.string(), z.unknown()).default({}),
    heads: z.record(z.string(), z.unknown()).default({}),
    batch: z.int().min(2).max(4096).default(64),
    steps: z.int().min(1),
    learner: LearnerConfig,
    /** Share of whole games kept for measuring along the way, and as much again for tests; of images, whose tests have files of their own, the former alone. */
    holdOut: z.number().min(0).max(0.4).default(DEFAULT_HOLD_OUT),
    /** Share of the rest that is learned from; a smaller one is part of a larger one. */
    trainShare: z.number().positive().max(1).default(1),
    /** Seed by which as many games, or images, are drawn from these with replacement (bagging: Breiman 1996); null for all of them. */
    bag: z.int().min(0).nullable().default(null),
    /** Steps between measurements on what was held out, and between checkpoints. */
    every: z.int().min(1).default(500),
    /** Measurements without a lower loss after which the run ends; it then keeps the net of the lowest. Null for all steps and the last net. */
    patience: z.int().min(1).nullable().default(null),
    /** The loss that patience is about. */
    monitor: z.enum(MONITORS).default('total'),
    /** A net to begin from in place of random weights; its heads too, where they have the same shapes. */
    start: z.string().nullable().default(null),
    seed: z.int().min(0).default(1),
    /** Counts what changes which games are held out. */
    version: z.literal(2).default(2),
    /** Git commit of the program that started the run, where it ran from a checkout. */
    commit: z.string().optional(),
    /** What the run began to compute with, as "torch: libtorch 1.13.0 on cpu, 1 threads"; each rounds in its own way. */
    backend: z.string().optional(),
  })
  .refine(({ patience, holdOut }) => patience === null || holdOut > 0, {
    error: 'patience needs a share that is held out',
    path: ['patience'],
  })
  .refine(({ data, learner }) => data.kind !== 'images' || isUsual(learner.lossWeights), {
    error: 'it is for boards, and images have the loss of their classes alone; leave it out',
    path: ['learner', 'lossWeights'],
  })
  .superRefine(({ steps, learner }, context) => {
    const problem = rateProblem(learner, steps);
    if (problem === null) return;
    const { path, message } = problem;
    context.addIssue({ code: 'custom', path: ['learner', ...path], message });
  });

/** Steps of warm-up of a long run; shorter ones have a tenth. Our choice. */
const MAX_WARMUP = 200;

/** What the defaults depend on; where that is wrong, its field is refused rather than the defaults that are not there. */
const Asked = z.looseObject({
  steps: z.int().default(20_000),
  learner: z
    .looseObject({
      schedule: z.looseObject({ kind: z.string() }).default({ kind: 'cosine' }),
      lossWeights: z.looseObject({}).default({}),
    })
    .prefault({}),
});

/** What suits a run of so many steps where nothing else is asked of the learner: its last net is used, so no average is kept. */
function withLearner(asked: z.infer<typeof Asked>): unknown {
  const { steps, learner } = asked;
  const hasEnd = ['cosine', 'cyclic'].includes(learner.schedule.kind);
  const schedule = hasEnd ? { steps, ...learner.schedule } : learner.schedule;
  const lossWeights = { ...NO_REPLY, ...learner.lossWeights };
  const usual = { averageDecay: null, warmup: Math.min(MAX_WARMUP, Math.floor(steps / 10)) };
  return { ...asked, learner: { ...usual, ...learner, schedule, lossWeights } };
}

const Complete = Asked.transform(withLearner).pipe(fields);

/** As it is asked for, without what would have no effect. */
export const SupervisedConfig = Complete.superRefine(
  ({ data, heads, learner, patience, monitor }, context) => {
    const refuse = (path: string[], message: string): void =>
      context.addIssue({ code: 'custom', path, message: `${message}; leave it out` });
    if (monitor !== 'total' && patience === null)
      refuse(['monitor'], 'it is what patience waits for, and there is none');
    if (data.kind === 'images') {
      if (monitor !== 'total') refuse(['monitor'], 'images have one loss');
      if ('classes' in heads)
        refuse(['heads', 'classes'], 'data.classes or the labels say how many there are');
      return;
    }
    if ('reply' in heads)
      refuse(['heads', 'reply'], 'learner.lossWeights.reply says whether there is a head for it');
    const { labelSmoothing, lossWeights } = learner;
    if (labelSmoothing > 0 && lossWeights.policy === 0)
      refuse(['learner', 'labelSmoothing'], 'it smooths the policy, and learner.lossWeights.policy is 0');
  },
);
export type SupervisedConfig = z.infer<typeof SupervisedConfig>;

function ofThisVersion(given: unknown, context: z.RefinementCtx): unknown {
  if (typeof given === 'object' && given !== null && 'learner' in given && !('version' in given))
    context.addIssue(
      'it is of a run of an earlier version, which held other games out and cannot go on; choose a new --out',
    );
  return given;
}

/** As a run keeps it; what has no effect did not keep earlier versions from beginning it. */
export const StoredConfig = ofTrainer(['train supervised'], z.preprocess(ofThisVersion, Complete));
