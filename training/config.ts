/** Everything a supervised run depends on, with its defaults. */
import { z } from 'zod';
import { FEATURE_SET_NAMES, OWN_FEATURES } from '#nets/features/feature-set.ts';
import { resnetSpec } from '#nets/spec.ts';
import type { NetSpec } from '#nets/spec.ts';
import { DEFAULT_HOLD_OUT } from './holdout.ts';
import { LearnerConfig, OPTIMIZERS, withRates } from './learner-config.ts';

const fields = z.strictObject({
  games: z.array(z.string()).min(1),
  featureSet: z.enum(FEATURE_SET_NAMES).default(OWN_FEATURES.name),
  blocks: z.int().min(1).max(60).default(4),
  channels: z.int().min(4).max(512).default(32),
  batch: z.int().min(2).max(4096).default(64),
  steps: z.int().min(1).default(20_000),
  optimizer: z.enum(OPTIMIZERS).default('nesterov'),
  /** Peak rate of the cosine schedule; by default what suits the optimizer, as for the decay. */
  learningRate: z.number().positive().max(10),
  /** Steps of linear rise before the cosine. */
  warmup: z.int().min(0).default(200),
  /** Each kernel shrinks by rate * decay a step, or is pulled by as much with AlexNet's. */
  weightDecay: z.number().min(0).max(1),
  /** Largest norm of the whole gradient; null for any. */
  clipNorm: z.number().positive().nullable().default(null),
  /** Share of whole games kept for measuring. */
  holdOut: z.number().min(0).max(0.5).default(DEFAULT_HOLD_OUT),
  seed: z.int().default(1),
  /** Steps between measurements on held-out games, and between checkpoints. */
  every: z.int().min(1).default(500),
  /** Git commit of the program that started the run, where it ran from a checkout. */
  commit: z.string().optional(),
});
export const SupervisedConfig = z.preprocess(withRates, fields);
export type SupervisedConfig = z.infer<typeof SupervisedConfig>;

/** The net that a run trains. */
export function netSpec({ blocks, channels, featureSet }: SupervisedConfig): NetSpec {
  return resnetSpec(blocks, channels, featureSet);
}

/** How it learns. */
export function learnerConfig(config: SupervisedConfig): LearnerConfig {
  const { optimizer, learningRate, warmup, steps, weightDecay, clipNorm } = config;
  return LearnerConfig.parse({
    optimizer,
    learningRate,
    warmup,
    weightDecay,
    clipNorm,
    schedule: { kind: 'cosine', steps },
    averageDecay: null,
    lossWeights: { reply: 0 },
  });
}
