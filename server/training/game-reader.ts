/** Games of self-play for those who watch, read on a thread that ends when nobody asks, or when a file takes it too long. */
import { Piscina } from 'piscina';
import type { Found, GamesWorker } from './games-task.ts';

/** Requests that may wait; more are refused. */
const MAX_WAITING = 16;
/** No shard takes so long, from when its turn has come; then its thread is killed. */
const DEADLINE_MS = 20_000;
const IDLE_MS = 60_000;
/** The largest shard that is read takes about half of it. */
const LIMITS = { maxOldGenerationSizeMb: 1024 };

export class GameReader {
  private readonly pool: Piscina;
  private readonly logError: (error: unknown, what: string) => void;
  /** Ends with the last answer that was asked for: the thread gives one at a time. */
  private last: Promise<unknown> = Promise.resolve();
  /** Answers that are asked for. */
  private waiting = 0;

  constructor(logError: (error: unknown, what: string) => void) {
    this.logError = logError;
    const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
    this.pool = new Piscina({
      filename: new URL(`./games-worker${extension}`, import.meta.url).href,
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: IDLE_MS,
      resourceLimits: LIMITS,
    });
    this.pool.on('error', (error) => logError(error, 'reading games'));
  }

  /** What the worker's function of this name answers. */
  async read<K extends keyof GamesWorker>(
    name: K,
    task: Parameters<GamesWorker[K]>[0],
  ): Promise<ReturnType<GamesWorker[K]> | Extract<Found<never>, { ok: false }>> {
    if (this.waiting > MAX_WAITING)
      return { ok: false, why: 'busy', message: 'Too many ask for games: ask again in a moment.' };
    const answer = this.last.then(() => {
      const signal = AbortSignal.timeout(DEADLINE_MS);
      return this.pool.run(task, { name, signal }) as Promise<ReturnType<GamesWorker[K]>>;
    });
    this.last = answer.catch(() => undefined);
    this.waiting++;
    try {
      return await answer;
    } catch (error) {
      this.logError(error, 'reading games');
      return {
        ok: false,
        why: 'unreadable',
        message: 'The games could not be read: they take too much time or memory.',
      };
    } finally {
      this.waiting--;
    }
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }
}
