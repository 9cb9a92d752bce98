/** Everything the page knows of one run, as it has come in so far. */
import type { RatedMatch, Ratings } from '../../../../selfplay/run/run-files.ts';
import type { GenerationLine, LiveState, MetricsLine } from '../../../../selfplay/run/run-lines.ts';
import type { RunNews } from '../../../../server/protocol/training.ts';

export type RunData = {
  readonly metrics: readonly MetricsLine[];
  readonly generations: readonly GenerationLine[];
  readonly matches: readonly RatedMatch[];
  readonly ratings: Ratings | null;
  readonly live: LiveState | null;
  /** Milliseconds since 1970, by the server's clock, of the newest news; 0 before the first. */
  readonly now: number;
  /** Sentences about what could not be read. */
  readonly notes: readonly string[];
  /** Damaged lines so far, by file. */
  readonly damaged: Readonly<Record<LineFile, number>>;
};

export type LineFile = 'metrics' | 'generations' | 'matches';
const LINE_FILES: readonly LineFile[] = ['metrics', 'generations', 'matches'];

export const NO_DATA: RunData = {
  metrics: [],
  generations: [],
  matches: [],
  ratings: null,
  live: null,
  now: 0,
  notes: [],
  damaged: { metrics: 0, generations: 0, matches: 0 },
};

/** Whether there are games to tell of, or may be some: before the first news, not in a supervised run. */
export function mayHaveGames(data: RunData): boolean {
  const { now, live, generations, matches, ratings } = data;
  if (now === 0 || live !== null || ratings !== null) return true;
  return generations.length > 0 || matches.length > 0 || areRatingsUnreadable(data);
}

/** Whether there are ratings of which nothing can be read: the notes begin with the name of the file. */
export function areRatingsUnreadable({ ratings, notes }: RunData): boolean {
  return ratings === null && notes.some((note) => note.startsWith('ratings.json'));
}

/** The same array where nothing has come, so that whoever draws it can tell. */
function grown<T>(before: readonly T[], page: { rows: readonly T[]; restarted: boolean }): readonly T[] {
  if (page.restarted) return page.rows;
  return page.rows.length === 0 ? before : [...before, ...page.rows];
}

export function withNews(data: RunData, news: RunNews): RunData {
  const damaged = { ...data.damaged };
  for (const file of LINE_FILES)
    damaged[file] = news[file].damaged + (news[file].restarted ? 0 : damaged[file]);
  const lost = LINE_FILES.filter((file) => damaged[file] > 0).map(
    (file) =>
      `${file}.jsonl: ${damaged[file]} ${damaged[file] === 1 ? 'line is' : 'lines are'} damaged and left out.`,
  );
  return {
    metrics: grown(data.metrics, news.metrics),
    generations: grown(data.generations, news.generations),
    matches: grown(data.matches, news.matches),
    ratings: news.ratings,
    live: news.live,
    now: news.now,
    notes: [...news.notes, ...lost],
    damaged,
  };
}
