/**
 * The files of a self-play run that others read while it goes on: the trainer writes them, server and exports read them.
 * Lines are JSON, one object each, appended; other files are replaced as a whole. Pure data, for any reader.
 */
import { z } from 'zod';

const count = z.int().min(0);

/** A line of metrics.jsonl: a stretch of training. Losses are means over it; further losses may appear by their names. */
export const TrainingMetrics = z
  .object({
    step: count,
    generation: count,
    /** Positions learned from so far, repetitions counted. */
    samples: count,
    learningRate: z.number(),
    totalLoss: z.number(),
    /** Norm of the gradient before it is clipped. */
    gradientNorm: z.number(),
    /** Positions in the window. */
    windowPositions: count,
    /** Seconds of the run until then, without the time it lay still. */
    runSeconds: z.number(),
  })
  .catchall(z.number());
export type TrainingMetrics = z.infer<typeof TrainingMetrics>;

/** A line of generations.jsonl: the games of one net. */
export const GenerationStatistics = z.object({
  generation: count,
  /** SHA-256 of the net that played, and the name of the shard within `games/`. */
  net: z.string(),
  shard: z.string(),
  games: count,
  /** Moves played, positions recorded, evaluations asked of the net. */
  moves: count,
  positions: count,
  evaluations: count,
  /** Mean boards in a batch of the net. */
  batchFill: z.number(),
  seconds: z.number(),
  runSeconds: z.number(),
  /** What computed the learning beside these games; earlier versions did not say. */
  backend: z.string().optional(),
  meanLength: z.number(),
  blackWins: count,
  draws: count,
  resignations: count,
  /** Of games played on, and of those the ones whose winner would have resigned. */
  playedOn: count,
  falseResignations: count,
  /** Win rate below which a side resigned; 0 never. */
  resignBelow: z.number(),
  /** Mean surprise in nats, and entropy of the policy target in nats. */
  surprise: z.number(),
  policyEntropy: z.number(),
});
export type GenerationStatistics = z.infer<typeof GenerationStatistics>;

/** A line of matches.jsonl: games between two of the run's rated players; "G12" is the net of generation 12. */
export const RatedMatch = z.object({
  generation: count,
  first: z.string(),
  second: z.string(),
  wins: count,
  losses: count,
  draws: count,
  runSeconds: z.number(),
});
export type RatedMatch = z.infer<typeof RatedMatch>;

/** ratings.json: all players that have met, by Bradley-Terry with 95% intervals. */
export const Ratings = z.object({
  players: z.array(
    z.object({
      name: z.string(),
      /** Of a net of the run; null for anchors. */
      generation: count.nullable(),
      /** The anchor "random" has 0. */
      elo: z.number(),
      /** Of the distance from the mean of all. */
      low: z.number(),
      high: z.number(),
      /** Half the interval of the distance from the player with 0, which is `elo`; older versions wrote none. */
      anchorMargin: z.number().optional(),
      games: count,
    }),
  ),
  /** Name of the strongest net of the run. */
  best: z.string().nullable(),
});
export type Ratings = z.infer<typeof Ratings>;

/** A game in play. */
export const LiveGame = z.object({
  index: count,
  width: z.int(),
  height: z.int(),
  /** Stones before the first move. */
  setup: z.object({ black: z.array(z.int()), white: z.array(z.int()) }),
  /** Whether Black makes the first of the moves; they alternate. */
  blackFirst: z.boolean(),
  moves: z.array(z.int()),
  winrateBlack: z.number(),
});
export type LiveGame = z.infer<typeof LiveGame>;

/** Games and moves played, positions evaluated and the batches they came in, and seconds, without the time the run lay still. */
export const Spent = z.object({
  seconds: z.number(),
  games: count,
  moves: count,
  evaluations: count,
  batches: count,
});
export type Spent = z.infer<typeof Spent>;

/** live.json: what the run does now, replaced every two seconds or so. */
export const LiveRun = z.object({
  /** Milliseconds since 1970, of this writing. */
  at: z.number(),
  state: z.enum(['starting', 'playing', 'judging', 'finished', 'stopped', 'failed']),
  generation: count,
  /** That the run ends with; null where it goes on until it is stopped. */
  generations: count.nullable(),
  gamesDone: count,
  gamesTotal: count,
  stepsDone: count,
  stepsTotal: count,
  /** Of the generation so far. */
  gamesPerSecond: z.number(),
  positionsPerSecond: z.number(),
  evaluationsPerSecond: z.number(),
  batchFill: z.number(),
  /** What went into the generation so far, by whichever processes: from here a run goes on that was broken off. */
  spent: Spent,
  runSeconds: z.number(),
  /** Until the end of the run; null where there is none. */
  etaSeconds: z.number().nullable(),
  inPlay: z.array(LiveGame),
  /** Sentences about what is wrong: losses that are no numbers, a stall, a worker that died. */
  alarms: z.array(z.string()),
});
export type LiveRun = z.infer<typeof LiveRun>;

/** A field that counts as absent where another version wrote it otherwise. */
const ifSound = <Field extends z.ZodType>(field: Field) => field.optional().catch(undefined);

/** Of live.json, how far the run was when it was broken off. */
export const ToldProgress = z.object({
  generation: ifSound(LiveRun.shape.generation),
  gamesDone: ifSound(LiveRun.shape.gamesDone),
  gamesTotal: ifSound(LiveRun.shape.gamesTotal),
  stepsDone: ifSound(LiveRun.shape.stepsDone),
  stepsTotal: ifSound(LiveRun.shape.stepsTotal),
  spent: ifSound(LiveRun.shape.spent),
  runSeconds: ifSound(LiveRun.shape.runSeconds),
});
export type ToldProgress = z.infer<typeof ToldProgress>;
