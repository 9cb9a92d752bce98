/** Reads the folder of a run while its trainer writes it, or long after; see `run-files.ts` for what is there. */
import { join } from 'node:path';
import { z } from 'zod';
import { checkedJson } from '#nets/json.ts';
import { readAllLines, readLines, type LinePage } from './line-file.ts';
import { openPlainFile, readBytes, whyUnreadable } from './plain-file.ts';
import { RatedMatch, Ratings } from './run-files.ts';
import { GenerationLine, LiveState, MetricsLine } from './run-lines.ts';

/** Far more than any of these files needs. */
const MAX_JSON_BYTES = 4 * 1024 * 1024;

export type JsonRead<T> =
  | { readonly ok: true; /** Null where there is no such file. */ readonly value: T | null }
  | { readonly ok: false; readonly message: string };

async function readJson<T>(folder: string, name: string, schema: z.ZodType<T>): Promise<JsonRead<T>> {
  try {
    const opened = await openPlainFile(join(folder, name));
    if (opened === null) return { ok: true, value: null };
    const { handle, size } = opened;
    try {
      if (size > MAX_JSON_BYTES)
        return { ok: false, message: `${name} is larger than ${MAX_JSON_BYTES / 2 ** 20} MiB.` };
      const text = (await readBytes(handle, 0, size)).toString('utf8');
      const parsed = checkedJson(schema, text);
      return parsed.ok ? parsed : { ok: false, message: `${name}: ${parsed.message}.` };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const why = whyUnreadable(error);
    if (why === null) throw error;
    return { ok: false, message: `${name}: ${why}.` };
  }
}

/** The config as it was resolved when the run began, of whatever kind of training. */
export const readConfig = (folder: string): Promise<JsonRead<unknown>> =>
  readJson(folder, 'config.json', z.record(z.string(), z.unknown()));
export const readLive = (folder: string): Promise<JsonRead<LiveState>> =>
  readJson(folder, 'live.json', LiveState);
export const readRatings = (folder: string): Promise<JsonRead<Ratings>> =>
  readJson(folder, 'ratings.json', Ratings);

export const readMetrics = (folder: string, cursor: string | null): Promise<LinePage<MetricsLine>> =>
  readLines(join(folder, 'metrics.jsonl'), MetricsLine, cursor);
export const readGenerations = (folder: string, cursor: string | null): Promise<LinePage<GenerationLine>> =>
  readLines(join(folder, 'generations.jsonl'), GenerationLine, cursor);
export const readMatches = (folder: string, cursor: string | null): Promise<LinePage<RatedMatch>> =>
  readLines(join(folder, 'matches.jsonl'), RatedMatch, cursor);

/** Everything that a run has told in text. */
export type WholeRun = {
  readonly config: unknown;
  readonly metrics: readonly MetricsLine[];
  readonly generations: readonly GenerationLine[];
  readonly matches: readonly RatedMatch[];
  readonly ratings: Ratings | null;
  /** Sentences about what could not be read and is left out. */
  readonly notes: readonly string[];
};

export async function readWholeRun(folder: string): Promise<WholeRun> {
  const [config, ratings, metrics, generations, matches] = await Promise.all([
    readConfig(folder),
    readRatings(folder),
    readAllLines(join(folder, 'metrics.jsonl'), MetricsLine),
    readAllLines(join(folder, 'generations.jsonl'), GenerationLine),
    readAllLines(join(folder, 'matches.jsonl'), RatedMatch),
  ]);
  const files = { metrics, generations, matches };
  const notes = [
    ...[config, ratings].flatMap((read) => (read.ok ? [] : [read.message])),
    ...Object.entries(files).flatMap(([name, { damaged }]) =>
      damaged === 0
        ? []
        : [`${name}.jsonl: ${damaged} damaged ${damaged === 1 ? 'line is' : 'lines are'} left out.`],
    ),
  ];
  return {
    config: config.ok ? config.value : null,
    ratings: ratings.ok ? ratings.value : null,
    metrics: metrics.rows,
    generations: generations.rows,
    matches: matches.rows,
    notes,
  };
}
