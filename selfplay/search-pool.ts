/** Searches on threads of their own: the calling thread only waits. */
import { availableParallelism } from 'node:os';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { RawOpinion } from '#nets/inference/raw-opinion.ts';
import { netFiles } from '#nets/net-files.ts';
import type { Provider } from '#nets/providers.ts';
import { STOP } from './search-task.ts';
import type {
  Analysis,
  AnalyseTask,
  ConnectTask,
  RawOpinionTask,
  OwnershipTask,
  PrepareResult,
  SearchEngine,
  SearchWorkerData,
} from './search-task.ts';
import { SharedNets, sessionsFor } from './shared-nets.ts';

export type SearchPoolOptions = {
  /** Searches at once, a thread each. Default 1. */
  readonly threads?: number;
  /** Cores to use for nets, where the search threads do not occupy them. Default all there are. */
  readonly cores?: number;
  /** No task searches more root visits than this. Default 100,000. */
  readonly maxVisits?: number;
  /** What ONNX Runtime evaluates nets with. Default cpu. */
  readonly provider?: Provider;
};

export type AnalyseOptions = Omit<AnalyseTask, 'game' | 'stop' | 'reports'> & {
  /** Gives the search up: it rejects. */
  readonly signal?: AbortSignal;
  /** Ends the search: it resolves with what it has found. */
  readonly stop?: AbortSignal;
  /** Told what the search thinks so far every `reportEveryMs`; no more once the search has resolved. */
  readonly onReport?: (analysis: Analysis) => void;
};

/** Game ids whose thread is remembered; more than all threads together keep trees for. */
const MAX_REMEMBERED = 1024;

type Thread = {
  readonly pool: Piscina;
  /** The tasks not yet answered. */
  readonly pending: Set<Promise<unknown>>;
};

export class SearchPool {
  private readonly threads: Thread[];
  private readonly maxVisits: number;
  /** Where each game was searched before: its tree is there. */
  private readonly threadOfGame = new Map<string, Thread>();
  /** The flags that stop the searches under way. */
  private readonly stopFlags = new Set<Int32Array>();
  /** Null where each thread opens its own. */
  private readonly sharedNets: SharedNets | null;
  private readonly forgotten = new Int32Array(new SharedArrayBuffer(4));
  private isClosed = false;

  constructor(options: SearchPoolOptions = {}) {
    const { threads = 1, cores = availableParallelism(), maxVisits = 100_000, provider = 'cpu' } = options;
    const workerData: SearchWorkerData = { provider, forgotten: this.forgotten };
    this.maxVisits = maxVisits;
    const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
    const filename = new URL(`./search-worker${extension}`, import.meta.url).href;
    // One pool a thread, so that a game can come back to the thread that has its tree.
    this.threads = Array.from({ length: threads }, () => ({
      pool: new Piscina({ filename, workerData, minThreads: 1, maxThreads: 1, concurrentTasksPerWorker: 1 }),
      pending: new Set<Promise<unknown>>(),
    }));
    const sessions = sessionsFor(threads, cores, provider);
    const tellAll = async (name: string, taskOf: (index: number) => unknown): Promise<void> => {
      await Promise.all(this.threads.map((thread, index) => this.run(thread, name, taskOf(index))));
    };
    this.sharedNets =
      sessions === null
        ? null
        : new SharedNets({
            sessions,
            clients: threads,
            provider,
            connect: (path, connections) =>
              tellAll('connect', (index): ConnectTask => ({ path, connection: connections[index] })),
            disconnect: (path) => tellAll('disconnect', () => path),
          });
  }

  /** Opens a net for every thread, or says in one sentence why it cannot be used. */
  async prepare(net: string): Promise<PrepareResult> {
    if (this.isClosed) throw new Error('The search threads are closed.');
    if (this.sharedNets !== null) {
      for (const path of netFiles(net)) {
        const shared = await this.sharedNets.open(path);
        if (!shared.ok) return shared;
      }
      return { ok: true };
    }
    const opened = await Promise.all(
      this.threads.map((thread) => this.run<PrepareResult>(thread, 'prepare', net)),
    );
    return opened.find((result) => !result.ok) ?? { ok: true };
  }

  /**
   * Searches the last position of `game`. Rejects with the signal's reason as soon as it aborts (the thread stops at its
   * next batch), and with a readable sentence where the net cannot be opened or the game has an illegal move. Resolves
   * soon after `stop` aborts with what has been found, which is at least the opinion of the evaluator.
   */
  async analyse(game: AnalyseTask['game'], options: AnalyseOptions): Promise<Analysis> {
    const { signal, stop: stopSignal, onReport, ...rest } = options;
    if (!(rest.visits >= 1)) throw new Error(`internal: a search of ${rest.visits} visits`);
    signal?.throwIfAborted();
    const stop = stopFlag();
    const end = (): void => endSearch(stop);
    if (stopSignal?.aborted === true) end();
    stopSignal?.addEventListener('abort', end, { once: true });
    this.stopFlags.add(stop);
    const reports = onReport === undefined ? null : new MessageChannel();
    reports?.port1.on('message', onReport as (value: unknown) => void);
    const task: AnalyseTask = {
      ...rest,
      game,
      visits: Math.min(rest.visits, this.maxVisits),
      stop,
      ...(reports === null ? {} : { reports: reports.port2 }),
    };
    const found = this.runWithNet<Analysis>(
      rest.net,
      this.threadFor(rest.gameId),
      'analyse',
      task,
      reports === null ? [] : [reports.port2],
    ).finally(() => {
      reports?.port1.close();
      stopSignal?.removeEventListener('abort', end);
      this.stopFlags.delete(stop);
    });
    return signal === undefined ? found : orAbort(found, signal, stop);
  }

  /** Searches begun from now on remember nothing of what nets said before. */
  forgetEvaluations(): void {
    Atomics.add(this.forgotten, 0, 1);
  }

  /** Who owns each point if the game ends here, float32 [width * height] from Black's side: the net's opinion, or playouts without one. */
  async ownershipBlack(task: OwnershipTask, signal?: AbortSignal): Promise<Float32Array> {
    signal?.throwIfAborted();
    const stop = stopFlag();
    const given: OwnershipTask = { ...task, stop };
    const found = this.runWithNet<Float32Array>(task.net, this.threadFor(undefined), 'ownershipBlack', given);
    return signal === undefined ? found : orAbort(found, signal, stop);
  }

  /** What a net thinks of the last position of a game, once for each symmetry, without a search. */
  rawOpinions(task: RawOpinionTask): Promise<RawOpinion[]> {
    return this.runWithNet<RawOpinion[]>(task.net, this.threadFor(undefined), 'rawOpinions', task);
  }

  /**
   * Stops the searches under way, which resolve with what they have found, and ends the threads; new ones reject. A thread ends only when
   * it is idle: one torn down inside the native runtime takes the process with it.
   */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const stop of this.stopFlags) endSearch(stop);
    await Promise.all(
      this.threads.map(async (thread) => {
        await Promise.allSettled(thread.pending);
        // An inference session must be released by the thread that made it.
        await thread.pool.run(undefined, { name: 'closeAll' });
        await thread.pool.destroy();
      }),
    );
    await this.sharedNets?.close();
  }

  /** Runs a task that evaluates with `net`. */
  private async runWithNet<Result>(
    net: SearchEngine,
    ...[thread, name, task, transferList]: [Thread, string, unknown, MessagePort[]?]
  ): Promise<Result> {
    const run = (): Promise<Result> => this.run<Result>(thread, name, task, transferList);
    const { sharedNets } = this;
    if (net === null || sharedNets === null || this.isClosed) return run();
    /** Runs while every one of the nets is in use. */
    const using = async ([path, ...others]: readonly string[]): Promise<Result> => {
      if (path === undefined) return run();
      const used = await sharedNets.use(path, () => using(others));
      if (!used.ok) throw new Error(used.message);
      return used.value;
    };
    return this.track(thread, using(netFiles(net)));
  }

  private async run<Result>(
    thread: Thread,
    name: string,
    task: unknown,
    transferList: MessagePort[] = [],
  ): Promise<Result> {
    if (this.isClosed) throw new Error('The search threads are closed.');
    return this.track(thread, thread.pool.run(task, { name, transferList }) as Promise<Result>);
  }

  /** Counts `answer` among what the thread still has to do. */
  private async track<Result>(thread: Thread, answer: Promise<Result>): Promise<Result> {
    thread.pending.add(answer);
    try {
      return await answer;
    } finally {
      thread.pending.delete(answer);
    }
  }

  /** The thread that knows the game, or the one with least to do. */
  private threadFor(gameId: string | undefined): Thread {
    const known = gameId === undefined ? undefined : this.threadOfGame.get(gameId);
    if (known !== undefined) return known;
    const games = new Map(this.threads.map((thread) => [thread, 0]));
    for (const thread of this.threadOfGame.values()) games.set(thread, (games.get(thread) ?? 0) + 1);
    const load = (thread: Thread): number => thread.pending.size * MAX_REMEMBERED + (games.get(thread) ?? 0);
    const thread = this.threads.reduce((least, other) => (load(other) < load(least) ? other : least));
    if (gameId === undefined) return thread;
    this.threadOfGame.set(gameId, thread);
    const [oldest] = this.threadOfGame.keys();
    if (this.threadOfGame.size > MAX_REMEMBERED) this.threadOfGame.delete(oldest);
    return thread;
  }
}

/** See `AnalyseTask.stop`. */
const stopFlag = (): Int32Array => new Int32Array(new SharedArrayBuffer(4));

/** Unless it is given up already. */
const endSearch = (stop: Int32Array): void => void Atomics.compareExchange(stop, 0, 0, STOP.end);

/** What is found, or the signal's reason once it aborts: then `stop` says that it is given up. */
function orAbort<Result>(found: Promise<Result>, signal: AbortSignal, stop: Int32Array): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      Atomics.store(stop, 0, STOP.giveUp);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    found.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
