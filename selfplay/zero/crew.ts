/** Threads that work through the numbered games of a task, each many at once; one that dies is replaced and its games are played again. */
import { existsSync } from 'node:fs';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { hashFile } from '#nets/hash-file.ts';
import type { Provider } from '#nets/providers.ts';
import type { Connection } from '#nets/inference/shared-evaluator.ts';
import type { LiveGame } from '../run/run-files.ts';
import { SharedNets } from '../shared-nets.ts';
import { Claims, allocateClaims } from './claims.ts';
import type { ClaimsMemory } from './claims.ts';
import type { TaskName, TaskResult, ThreadMessage, ThreadTask, ZeroWorkerData } from './thread-task.ts';

/** Games to be played. */
export type Work<Game> = {
  readonly name: TaskName;
  /** What the games depend on besides their number; plain data. */
  readonly setting: unknown;
  /** Files of the nets that they are played with. */
  readonly nets: readonly string[];
  /** Numbers of the games, each played once. */
  readonly indices: readonly number[];
  readonly signal?: AbortSignal;
  /** Told of each index once, on the calling thread. */
  readonly onGame: (game: Game) => void;
  /** Told every two seconds or so. */
  readonly onLive?: (games: readonly LiveGame[]) => void;
  /** Told in a sentence of a thread that died. */
  readonly onAlarm?: (sentence: string) => void;
};

export type PlayCounts = {
  readonly games: number;
  readonly moves: number;
  /** Positions evaluated, and the batches they came in; of games lost with their thread too. */
  readonly evaluations: number;
  readonly batches: number;
  /** Milliseconds that the threads together have waited for them. */
  readonly waitMs: number;
};

export type CrewOptions = {
  /** Threads. */
  readonly workers: number;
  /** Games that each thread plays at once. */
  readonly concurrentGames: number;
  /** What ONNX Runtime evaluates nets with. Default cpu. */
  readonly provider?: Provider;
  /** Threads that run a net for all others; null where each opens it for itself, which is fastest on a CPU. Default 1 on a GPU, which is to be sent everything. */
  readonly sessions?: number | null;
};

/** Batches that a thread may have at once: one for each size of board, and those that are full. Memory is only taken by those it has. */
const LANES = 32;

/** Threads that may die in a row without a game between them before it is taken for hopeless. Our choice. */
const MOST_DEATHS = 5;

/** Work under way. */
type Shift = {
  readonly work: Work<Numbered>;
  readonly memory: ClaimsMemory;
  readonly claims: Claims;
  readonly done: Set<number>;
  /** By thread. */
  readonly live: Map<number, readonly LiveGame[]>;
  /** Ends the tasks under way. */
  stop: AbortController;
  deathsInARow: number;
  /** What `onGame` threw. */
  failure: { readonly reason: unknown } | null;
};

type Numbered = { readonly index: number };

/** A net that cannot be opened, which is no thread's death. */
class NetRefused extends Error {}

export class Crew {
  private readonly concurrentGames: number;
  private readonly provider: Provider;
  /** One pool a thread: a session must be released by the thread that made it. */
  private readonly threads: Piscina[];
  /** Null where each thread opens its own. */
  private readonly sharedNets: SharedNets | null;
  /** Of the shared nets that are open, by file: the connection of each thread. */
  private readonly connections = new Map<string, readonly Connection[]>();
  /** By file, the hash of what was in it when it was last played with. */
  private readonly hashes = new Map<string, string>();
  private current: Shift | null = null;

  constructor(options: CrewOptions) {
    const { workers, concurrentGames, provider = 'cpu', sessions = provider === 'cpu' ? null : 1 } = options;
    this.concurrentGames = concurrentGames;
    this.provider = provider;
    this.threads = Array.from({ length: workers }, () => startThread(provider));
    this.sharedNets = sessions === null ? null : this.shareNets(sessions, workers);
  }

  private shareNets(sessions: number, clients: number): SharedNets {
    const { provider, concurrentGames, connections } = this;
    return new SharedNets({
      sessions,
      clients,
      provider,
      // A CPU gains nothing from more than the default; a GPU is sent all that a thread has.
      ...(provider === 'cpu' ? {} : { maxBatch: concurrentGames }),
      lanes: LANES,
      connect: (path, made) => {
        connections.set(path, made);
        return Promise.resolve();
      },
      disconnect: (path) => {
        connections.delete(path);
        return Promise.resolve();
      },
    });
  }

  /** Of the work under way, or the last one. */
  get counts(): PlayCounts {
    const { current } = this;
    if (current === null) return { games: 0, moves: 0, evaluations: 0, batches: 0, waitMs: 0 };
    return { games: current.done.size, ...current.claims.counts };
  }

  /** Threads. */
  get size(): number {
    return this.threads.length;
  }

  /**
   * Has every game played, or those until the signal aborts. One call at a time.
   * @throws Error with a readable sentence where a game cannot be played, or threads die again and again; what `onGame`
   *   threw, after which it is told of no more.
   */
  async run<Game extends Numbered>(work: Work<Game>): Promise<PlayCounts> {
    const memory = allocateClaims(work.indices);
    const shift: Shift = {
      work: work as unknown as Work<Numbered>,
      memory,
      claims: new Claims(memory),
      done: new Set(),
      live: new Map(),
      stop: new AbortController(),
      deathsInARow: 0,
      failure: null,
    };
    this.current = shift;
    const stop = (): void => shift.stop.abort();
    if (work.signal?.aborted === true) stop();
    work.signal?.addEventListener('abort', stop, { once: true });
    try {
      await this.forgetReplaced(work.nets);
      await this.withNets(shift, work.nets);
    } finally {
      work.signal?.removeEventListener('abort', stop);
    }
    if (shift.failure !== null) throw shift.failure.reason;
    return this.counts;
  }

  /** Waits for no game: abort the work and await it first. */
  async close(): Promise<void> {
    await Promise.all(
      this.threads.map(async (thread) => {
        await thread.run(undefined, { name: 'release' });
        await thread.destroy();
      }),
    );
    await this.sharedNets?.close();
  }

  /** Has nets closed whose files hold others now, as a gate leaves them. */
  private async forgetReplaced(nets: readonly string[]): Promise<void> {
    // One that is not there is refused where it is opened.
    const hashes = nets.filter((path) => existsSync(path)).map((path) => [path, hashFile(path)] as const);
    const replaced = hashes.filter(([path, hash]) => (this.hashes.get(path) ?? hash) !== hash);
    for (const [path, hash] of hashes) this.hashes.set(path, hash);
    if (replaced.length === 0) return;
    // A thread that has died has none open.
    await Promise.allSettled(this.threads.map((thread) => thread.run(undefined, { name: 'release' })));
    for (const [path] of replaced) await this.sharedNets?.forget(path);
  }

  /** Works with the shared nets, if there are any; one whose thread dies is opened again. */
  private async withNets(shift: Shift, nets: readonly string[]): Promise<void> {
    const shared = this.sharedNets;
    if (shared === null) return this.workTogether(shift);
    const using = ([path, ...others]: readonly string[]): Promise<void> =>
      path === undefined
        ? this.workTogether(shift)
        : shared
            .use(path, () => using(others))
            .then((used) => {
              if (!used.ok) throw new NetRefused(used.message);
            });
    for (;;)
      try {
        return await using(nets);
      } catch (error) {
        const died = !(error instanceof NetRefused) && nets.some((path) => !shared.isOpen(path));
        if (!died || ++shift.deathsInARow >= MOST_DEATHS) throw error;
        if (shift.work.signal?.aborted === true) return;
        for (const thread of this.threads.keys()) shift.claims.release(thread, shift.done);
        shift.stop = new AbortController();
        shift.work.onAlarm?.('A thread that runs a net died; the games in play are played again.');
      }
  }

  private async workTogether(shift: Shift): Promise<void> {
    const ends = await Promise.allSettled(this.threads.map((_, thread) => this.workOn(shift, thread)));
    const failed = ends.find((end) => end.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Keeps a thread at work until no game is left, replacing it when it dies. */
  private async workOn(shift: Shift, thread: number): Promise<void> {
    for (;;) {
      const result = await this.runTask(shift, thread);
      if (result !== null) {
        if (result.ok) return;
        shift.stop.abort();
        throw new Error(result.message);
      }
      const left = shift.claims.release(thread, shift.done);
      if (shift.stop.signal.aborted) return;
      if (++shift.deathsInARow >= MOST_DEATHS) {
        shift.stop.abort();
        throw new Error(`${MOST_DEATHS} threads of self-play died one after another.`);
      }
      shift.work.onAlarm?.(
        `A thread of self-play died${left ? '; the games it was playing are played again' : ''}.`,
      );
    }
  }

  /** Lets the thread play what is left. @returns how it ended, or null where the thread died. */
  private async runTask(shift: Shift, thread: number): Promise<TaskResult | null> {
    const { work, memory, stop } = shift;
    const { port1, port2 } = new MessageChannel();
    const hear = (message: ThreadMessage<Numbered>): void => this.hear(shift, thread, message);
    port1.on('message', hear);
    const tellToStop = (): void => port1.postMessage(null);
    if (stop.signal.aborted) tellToStop();
    stop.signal.addEventListener('abort', tellToStop, { once: true });
    const task: ThreadTask<unknown> = {
      thread,
      setting: work.setting,
      // No thread takes games that another could begin at once.
      concurrentGames: Math.min(this.concurrentGames, Math.ceil(work.indices.length / this.size)),
      connections:
        this.sharedNets === null
          ? null
          : Object.fromEntries([...this.connections].map(([path, all]) => [path, all[thread]])),
      claims: memory,
      port: port2,
    };
    try {
      return (await this.threads[thread].run(task, { name: work.name, transferList: [port2] })) as TaskResult;
    } catch {
      // Piscina replaces no thread that dies while it starts.
      void this.threads[thread].destroy();
      this.threads[thread] = startThread(this.provider);
      return null;
    } finally {
      // What the thread sent before it ended may not have been heard yet.
      for (let left = receiveMessageOnPort(port1); left !== undefined; left = receiveMessageOnPort(port1))
        hear(left.message as ThreadMessage<Numbered>);
      stop.signal.removeEventListener('abort', tellToStop);
      port1.close();
      shift.live.delete(thread);
    }
  }

  private hear(shift: Shift, thread: number, message: ThreadMessage<Numbered>): void {
    const { work, done, live } = shift;
    if ('live' in message) {
      live.set(thread, message.live);
      work.onLive?.([...live.values()].flat());
      return;
    }
    const { game } = message;
    // A thread that died right after it had sent a game leaves it to be played again.
    if (done.has(game.index) || shift.failure !== null) return;
    done.add(game.index);
    shift.deathsInARow = 0;
    try {
      work.onGame(game);
    } catch (reason) {
      shift.failure = { reason };
      shift.stop.abort();
    }
  }
}

function startThread(provider: Provider): Piscina {
  const workerData: ZeroWorkerData = { provider };
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const filename = new URL(`./worker${extension}`, import.meta.url).href;
  const options = { filename, workerData, minThreads: 1, maxThreads: 1, concurrentTasksPerWorker: 1 };
  const pool = new Piscina(options);
  // Of a thread that dies without a task; the next task hears of it.
  pool.on('error', () => undefined);
  return pool;
}
