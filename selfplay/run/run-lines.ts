/**
 * The files of a run as a reader takes them: whatever a trainer of another version left out is absent, and what JSON cannot
 * say (NaN, infinity) arrives as null. Pure data, for servers and browsers.
 */
import { z } from 'zod';
import { GenerationStatistics, LiveRun } from './run-files.ts';

const count = z.int().min(0);

/** A number that is none is as good as absent, except in metrics, where it is the news. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
}

/** A line of metrics.jsonl, of any kind of training; null is a number that was NaN or infinite. */
export const MetricsLine = z.object({ step: count }).catchall(z.number().nullable());
export type MetricsLine = z.infer<typeof MetricsLine>;

/** A line of generations.jsonl. */
export const GenerationLine = z.preprocess(
  withoutNulls,
  GenerationStatistics.partial().required({ generation: true, games: true, runSeconds: true }),
);
export type GenerationLine = z.infer<typeof GenerationLine>;

/** live.json; `generations` and `etaSeconds` are absent where a run has no end. */
export const LiveState = z.preprocess(withoutNulls, LiveRun.partial().required({ at: true, state: true }));
export type LiveState = z.infer<typeof LiveState>;
