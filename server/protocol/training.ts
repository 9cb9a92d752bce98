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
