/** Keeps up with one run: asks the server for what is new, again and again, from where it was before. */
import type { RunNews } from '../../../../server/protocol/training.ts';
import { Store } from '../store.ts';
import { NO_DATA, withNews, type LineFile, type RunData } from './run-data.ts';

/** As often as a run at work writes its live.json. */
const PACE_MS = 2000;
/** Of a run that lies still, and after an answer that did not come. */
const SLOW_PACE_MS = 10_000;
const RETRY_MS = 4000;

export type Cursors = Partial<Record<LineFile, string>>;

export type FeedOptions = {
  readonly fetchNews: (name: string, cursors: Cursors, signal: AbortSignal) => Promise<RunNews>;
  readonly later: (delayMs: number, callback: () => void) => void;
};

export type FeedState = {
  readonly data: RunData;
  /** Loading until everything that the run had told before has come. */
  readonly phase: 'loading' | 'following' | 'lost';
  /** Why the last answer did not come, or ''. */
  readonly problem: string;
};

export class RunFeed {
  readonly name: string;
  readonly store: Store<FeedState> = new Store<FeedState>({ data: NO_DATA, phase: 'loading', problem: '' });
  private readonly options: FeedOptions;
  private cursors: Cursors = {};
  /** All that has come so far. */
  private data = NO_DATA;
  private running: AbortController | null = null;

  constructor(name: string, options: FeedOptions) {
    this.name = name;
    this.options = options;
  }

  /** Begins or goes on; does nothing where it is under way. */
  start(): void {
    if (this.running !== null) return;
    this.running = new AbortController();
    void this.follow(this.running.signal);
  }

  stop(): void {
    this.running?.abort();
    this.running = null;
  }

  private async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const delayMs = await this.ask(signal);
      if (delayMs > 0 && !signal.aborted)
        await new Promise<void>((resolve) => {
          this.options.later(delayMs, resolve);
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
    }
  }

  /** @returns milliseconds until it is worth asking again. */
  private async ask(signal: AbortSignal): Promise<number> {
    let news: RunNews;
    try {
      news = await this.options.fetchNews(this.name, this.cursors, signal);
    } catch (error) {
      if (!signal.aborted)
        this.store.update({ phase: 'lost', problem: error instanceof Error ? error.message : String(error) });
      return RETRY_MS;
    }
    if (signal.aborted) return 0;
    const { metrics, generations, matches, live } = news;
    this.cursors = { metrics: metrics.cursor, generations: generations.cursor, matches: matches.cursor };
    const more = metrics.more || generations.more || matches.more;
    this.data = withNews(this.data, news);
    // What comes in many pieces is shown once, when it is there.
    if (more) return 0;
    this.store.update({ data: this.data, phase: 'following', problem: '' });
    return live === null || live.state === 'finished' || live.state === 'stopped' || live.state === 'failed'
      ? SLOW_PACE_MS
      : PACE_MS;
  }
}
