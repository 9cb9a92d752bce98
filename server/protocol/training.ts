/** What the server answers about training runs over HTTP; plain JSON, the same schemas on both sides. */
import { z } from 'zod';
import { RatedMatch, Ratings } from '#selfplay/run/run-files.ts';
import { GenerationLine, LiveState, MetricsLine } from '#selfplay/run/run-lines.ts';

const count = z.int().min(0);

/** One of `GET /api/runs`, newest first. */
const runSummary = z.object({
  name: z.string(),
  /** Null where the run has none, as a supervised one. */
  live: LiveState.nullable(),
  /** The newest line of its metrics. */
  metrics: MetricsLine.nullable(),
  /** The strongest net of the run. */
  best: Ratings.shape.players.element.nullable(),
  /** Milliseconds since 1970 at which something of it was last written. */
  changedAt: z.number(),
  alarms: z.array(z.string()),
});
export type RunSummary = z.infer<typeof runSummary>;

export const runList = z.object({
  runs: z.array(runSummary),
  /** Whether there are more runs than are told. */
  more: z.boolean(),
});
export type RunList = z.infer<typeof runList>;

const page = <T extends z.ZodType>(row: T) =>
  z.object({
    rows: z.array(row),
    cursor: z.string(),
    restarted: z.boolean(),
    more: z.boolean(),
    damaged: count,
  });

/** `GET /api/runs/NAME/news?metrics=CURSOR&generations=CURSOR&matches=CURSOR`: what has come since. */
export const runNews = z.object({
  /** Milliseconds since 1970 by the clock of the server. */
  now: z.number(),
  live: LiveState.nullable(),
  ratings: Ratings.nullable(),
  metrics: page(MetricsLine),
  generations: page(GenerationLine),
  matches: page(RatedMatch),
  /** Sentences about files that cannot be read. */
  notes: z.array(z.string()),
});
export type RunNews = z.infer<typeof runNews>;

/** `GET /api/runs/NAME/config`. */
export const runConfig = z.object({ config: z.unknown() });

/** `GET /api/runs/NAME/shards`: the files of games, by generation. */
export const shardList = z.object({ shards: z.array(z.object({ generation: count, name: z.string() })) });
export type ShardList = z.infer<typeof shardList>;

const gameSummary = z.object({
  index: count,
  width: z.int(),
  height: z.int(),
  /** Name of the preset, null where the rules are none. */
  rules: z.string().nullable(),
  komi: z.number(),
  moves: count,
  end: z.enum(['passes', 'settled', 'resignation', 'move-limit']),
  outcomeBlack: z.union([z.literal(-1), z.literal(0), z.literal(1)]),
  /** Null after a resignation. */
  scoreBlack: z.number().nullable(),
  /** Whether nobody was allowed to resign. */
  playedOn: z.boolean(),
});
export type GameSummary = z.infer<typeof gameSummary>;

/** `GET /api/runs/NAME/shards/SHARD?from=N`: some games of a shard, from the N-th on. */
export const gameList = z.object({
  games: z.array(gameSummary),
  total: count,
  /** A sentence about games that were lost, or null. */
  note: z.string().nullable(),
});
export type GameList = z.infer<typeof gameList>;

/** `GET /api/runs/NAME/shards/SHARD/N`: the N-th game of a shard, to be replayed. */
export const trainingGame = gameSummary.extend({
  generation: count,
  setup: z.object({ black: z.array(z.int()), white: z.array(z.int()) }),
  blackFirst: z.boolean(),
  moves: z.array(z.int()),
  /** [width * height] of 1 Black's, -1 White's, 0 nobody's at the end; null after a resignation. */
  ownership: z.array(z.number()).nullable(),
  /** The positions that are learned from. */
  searched: z.array(
    z.object({
      ply: count,
      winrateBlack: z.number(),
      /** Null where the net knows no score. */
      scoreBlack: z.number().nullable(),
      surprise: z.number(),
      /** Moves and the probabilities to learn. */
      policy: z.array(z.tuple([z.int(), z.number()])),
    }),
  ),
});
export type TrainingGame = z.infer<typeof trainingGame>;
