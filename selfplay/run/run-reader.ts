/** Reads the folder of a run while its trainer writes it, or long after; see `run-files.ts` for what is there. */
import { join } from 'node:path';
import { z } from 'zod';
import { checkedJson } from '#nets/json.ts';
import { readAllLines, readLines, type LinePage } from './line-file.ts';
import { openPlainFile, readBytes, reading, type Reading } from './plain-file.ts';
import { RatedMatch, Ratings } from './run-files.ts';
import { GenerationLine, LiveState, MetricsLine } from './run-lines.ts';

/** Far more than any of these files needs. */
const MAX_JSON_BYTES = 4 * 1024 * 1024;

/** Of a file; null where there is none. */
async function readJson<T>(folder: string, name: string, schema: z.ZodType<T>): Promise<Reading<T | null>> {
  const read = await reading(name, async (): Promise<Reading<T | null>> => {
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
  });
  return read.ok ? read.value : read;
}

/** The config as it was resolved when the run began, of whatever kind of training. */
export const readConfig = (folder: string): Promise<Reading<unknown>> =>
  readJson(folder, 'config.json', z.record(z.string(), z.unknown()));
export const readLive = (folder: string): Promise<Reading<LiveState | null>> =>
  readJson(folder, 'live.json', LiveState);
export const readRatings = (folder: string): Promise<Reading<Ratings | null>> =>
  readJson(folder, 'ratings.json', Ratings);

/** The files of lines that a run writes, by what they tell. */
const LINE_FILES = {
  metrics: { name: 'metrics.jsonl', schema: MetricsLine },
  generations: { name: 'generations.jsonl', schema: GenerationLine },
  matches: { name: 'matches.jsonl', schema: RatedMatch },
};

const readNext = <T>(
  folder: string,
  { name, schema }: { name: string; schema: z.ZodType<T> },
  cursor: string | null,
): Promise<Reading<LinePage<T>>> => reading(name, () => readLines(join(folder, name), schema, cursor));

export const readMetrics = (folder: string, cursor: string | null): Promise<Reading<LinePage<MetricsLine>>> =>
  readNext(folder, LINE_FILES.metrics, cursor);
export const readGenerations = (
  folder: string,
  cursor: string | null,
): Promise<Reading<LinePage<GenerationLine>>> => readNext(folder, LINE_FILES.generations, cursor);
export const readMatches = (folder: string, cursor: string | null): Promise<Reading<LinePage<RatedMatch>>> =>
  readNext(folder, LINE_FILES.matches, cursor);

/** @returns the rows, none where they cannot be read, and sentences about what is left out. */
async function readAll<T>(
  folder: string,
  { name, schema }: { name: string; schema: z.ZodType<T> },
): Promise<{ rows: T[]; notes: string[] }> {
  const read = await reading(name, () => readAllLines(join(folder, name), schema));
  if (!read.ok) return { rows: [], notes: [read.message] };
  const { rows, damaged } = read.value;
  const lines = damaged === 1 ? 'line is' : 'lines are';
  return { rows, notes: damaged === 0 ? [] : [`${name}: ${damaged} damaged ${lines} left out.`] };
}

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
    readAll(folder, LINE_FILES.metrics),
    readAll(folder, LINE_FILES.generations),
    readAll(folder, LINE_FILES.matches),
  ]);
  return {
    config: config.ok ? config.value : null,
    ratings: ratings.ok ? ratings.value : null,
    metrics: metrics.rows,
    generations: generations.rows,
    matches: matches.rows,
    notes: [
      ...[config, ratings].flatMap((read) => (read.ok ? [] : [read.message])),
      ...[metrics, generations, matches].flatMap(({ notes }) => notes),
    ],
  };
}
