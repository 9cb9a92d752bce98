/** Everything a supervised run depends on, with its defaults. */
import { z } from 'zod';
import { FEATURE_SET_NAMES, OWN_FEATURES } from '#nets/features/feature-set.ts';
import { resnetSpec } from '#nets/spec.ts';
import type { NetSpec } from '#nets/spec.ts';
import { DEFAULT_HOLD_OUT } from './holdout.ts';
import { LearnerConfig } from './learner-config.ts';

export const SupervisedConfig = z.strictObject({
  games: z.array(z.string()).min(1),
  featureSet: z.enum(FEATURE_SET_NAMES).default(OWN_FEATURES.name),
  blocks: z.int().min(1).max(60).default(4),
  channels: z.int().min(4).max(512).default(32),
  batch: z.int().min(2).max(4096).default(64),
  steps: z.int().min(1).default(20_000),
  /** Peak rate of the cosine schedule, for momentum 0.9 and mean losses. */
  learningRate: z.number().positive().max(10).default(0.03),
  /** Steps of linear rise before the cosine. */
  warmup: z.int().min(0).default(200),
  /** Decoupled: each kernel shrinks by rate * decay a step. */
  weightDecay: z.number().min(0).max(1).default(1e-3),
  /** Share of whole games kept for measuring. */
  holdOut: z.number().min(0).max(0.5).default(DEFAULT_HOLD_OUT),
  seed: z.int().default(1),
  /** Steps between measurements on held-out games, and between checkpoints. */
  every: z.int().min(1).default(500),
  /** Git commit of the program that started the run, where it ran from a checkout. */
  commit: z.string().optional(),
});
export type SupervisedConfig = z.infer<typeof SupervisedConfig>;

/** The net that a run trains. */
export function netSpec({ blocks, channels, featureSet }: SupervisedConfig): NetSpec {
  return resnetSpec(blocks, channels, featureSet);
}

/** How it learns. */
export function learnerConfig({ learningRate, warmup, steps, weightDecay }: SupervisedConfig): LearnerConfig {
  return LearnerConfig.parse({
    learningRate,
    warmup,
    weightDecay,
    schedule: { kind: 'cosine', steps },
    averageDecay: null,
    lossWeights: { reply: 0 },
  });
}
