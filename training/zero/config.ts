/** Everything that a self-play run depends on, with its defaults. */
import { z } from 'zod';
import { MAX_BOARD_SIDE } from '#engine/go/size.ts';
import { FEATURE_SET_NAMES, OWN_FEATURES } from '#nets/features/feature-set.ts';
import { NetSpec, resnetSpec } from '#nets/spec.ts';
import { SelfPlayConfig } from '#selfplay/zero/config.ts';
import { suited } from '../config-tree.ts';
import { LearnerConfig } from '../learner-config.ts';

const share = z.number().min(0).max(1);
/** Of one generation or match, all of which are in memory at once. */
export const MOST_GAMES = 1e6;

const NetConfig = z.strictObject({
  featureSet: z.enum(FEATURE_SET_NAMES).default(OWN_FEATURES.name),
  blocks: z.int().min(1).max(60).default(4),
  channels: z.int().min(4).max(512).default(32),
});

/** Whether a net is spelled out, not told by its size. */
export const isSpec = (net: unknown): net is NetSpec =>
  typeof net === 'object' && net !== null && 'trunk' in net;

const netSchema = (given: unknown): z.ZodType<NetSpec | z.infer<typeof NetConfig>> =>
  isSpec(given) ? NetSpec : NetConfig;

const WindowConfig = z.strictObject({
  /** Positions of the smallest window; c in Wu 2019, appendix C, 250,000 there for much longer runs. */
  smallest: z.int().min(1).default(30_000),
  /** Its alpha and beta: the window grows with the power of all positions so far. */
  exponent: share.default(0.75),
  growth: share.default(0.4),
});

const JudgeConfig = z.strictObject({
  /** Generations from one judgement to the next; 0 judges nothing. */
  every: z.int().min(0).default(10),
  /** Games against each opponent. */
  games: z.int().min(2).max(MOST_GAMES).default(40),
  /** Root visits of the nets' searches. */
  visits: z.int().min(1).max(100_000).default(32),
  /** Points of at least this share against the net in use let a new net play; 0 lets every net (KataGo's way). AlphaGo Zero's 0.55. */
  gate: share.default(0),
});

/** How a run learns where it is not told otherwise: slower than from records, as its window changes. Our choice. */
const ZERO_LEARNER = { averageDecay: 0.998, clipNorm: 10 };
/** With Nesterov's momentum, the default. */
const ZERO_RATE = 0.02;

/** What was asked of the learner, with the defaults of a run where nothing was. */
function forZero(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  const { optimizer = 'nesterov' } = given as { optimizer?: unknown };
  const rate = optimizer === 'nesterov' ? { learningRate: ZERO_RATE } : {};
  return { ...ZERO_LEARNER, ...rate, ...given };
}

const Config = z.strictObject({
  selfPlay: SelfPlayConfig.prefault({}),
  /** A residual net of ours of this size, or what the net is, as that of `start`. */
  net: suited(netSchema).prefault({}),
  learner: z.preprocess(forZero, LearnerConfig).prefault({}),
  window: WindowConfig.prefault({}),
  judge: JudgeConfig.prefault({}),
  /** After which the run is finished; null goes on until it is stopped. */
  generations: z.int().min(1).nullable().default(null),
  gamesPerGeneration: z.int().min(1).max(MOST_GAMES).default(400),
  /** Positions a step. */
  batch: z.int().min(2).max(65_536).default(128),
  /** How often a position is learned from, on average. KataGo's 4. */
  trainPerPosition: z.number().positive().max(1000).default(4),
  /** How much of the value and score to learn is the search's, the rest being the game's. Our choice. */
  valueFromSearch: share.default(0.25),
  /** A net that plays all games in place of the learner's own: distillation. */
  teacher: z.string().nullable().default(null),
  /** A net to begin from in place of random weights. */
  start: z.string().nullable().default(null),
  seed: z.int().min(0).default(1),
  /** Git commit of the program that started the run, where it ran from a checkout. */
  commit: z.string().optional(),
  /** What the run began to compute with, as "torch: libtorch 1.13.0 on cpu, 1 threads"; each rounds in its own way. */
  backend: z.string().optional(),
});
type Config = z.infer<typeof Config>;

/** Positions that a run learns from at most: of a single generation half, of several all but the last one's. */
function mostPositions({ selfPlay, generations, gamesPerGeneration }: Config): number {
  const { boards, startShare, moveLimitShare } = selfPlay;
  const side = startShare > 0 ? MAX_BOARD_SIDE : Math.max(...boards.map(({ size }) => size));
  const learned = generations === null ? Infinity : Math.max(0.5, generations - 1);
  return learned * gamesPerGeneration * Math.ceil(moveLimitShare * side ** 2);
}

export const ZeroConfig = Config.refine((config) => stepsAfter(mostPositions(config), config) > 0, {
  path: ['batch'],
  message:
    'all games of the run together are too few for one step; give less, or more games, generations or trainPerPosition',
});
export type ZeroConfig = Config;

/**
 * Steps that are due when so many positions have been learned from. Rounded once for the whole run, so that positions too
 * few for a step count for later ones (as in KataGo's train bucket).
 */
export function stepsAfter(
  positions: number,
  { trainPerPosition, batch }: Pick<Config, 'trainPerPosition' | 'batch'>,
): number {
  return Math.round((trainPerPosition * positions) / batch);
}

/** The net that a run trains. */
export function zeroSpec({ net }: ZeroConfig): NetSpec {
  return isSpec(net) ? net : resnetSpec(net.blocks, net.channels, net.featureSet);
}
