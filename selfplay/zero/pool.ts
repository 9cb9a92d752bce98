/** Threads that play games of a net against itself, each many at once. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import type { Provider } from '#nets/providers.ts';
import type { LiveGame } from '../run/run-files.ts';
import type { SelfPlayGame } from '../shards/self-play-game.ts';
import { Claims, allocateClaims } from './claims.ts';
import type { ClaimsMemory } from './claims.ts';
import type { SelfPlayConfig } from './config.ts';
import type { PlayMessage, PlayTask, TaskResult, ZeroWorkerData } from './play-task.ts';

export type PlayRequest = {
  /** Net file. */
  readonly net: string;
  readonly config: SelfPlayConfig;
  readonly seed: number;
  readonly generation: number;
  /** The games of the generation to play, each of them once. */
  readonly indices: readonly number[];
  /** Win rate below which a side resigns; 0 never. */
  readonly resignBelow: number;
  readonly signal?: AbortSignal;
  /** Told of each index once, on the calling thread. */
  readonly onGame: (game: SelfPlayGame) => void;
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
};

export type SelfPlayPoolOptions = {
  /** Threads. */
  readonly workers: number;
  /** Games that each thread plays at once. */
  readonly concurrentGames: number;
  /** What ONNX Runtime evaluates nets with. Default cpu. */
  readonly provider?: Provider;
};

/** Threads that may die in a row without a game between them before it is taken for hopeless. Our choice. */
const MOST_DEATHS = 10;

/** A `play` under way. */
type Play = {
  readonly request: PlayRequest;
  readonly netHash: string;
  readonly memory: ClaimsMemory;
  readonly claims: Claims;
  readonly done: Set<number>;
  /** By thread. */
  readonly live: Map<number, readonly LiveGame[]>;
  /** Ends the tasks under way. */
  readonly stop: AbortController;
  deathsInARow: number;
};

export class SelfPlayPool {
  private readonly concurrentGames: number;
  /** One pool a thread: a session must be released by the thread that made it. */
  private readonly threads: readonly Piscina[];
  private current: Play | null = null;

  constructor({ workers, concurrentGames, provider = 'cpu' }: SelfPlayPoolOptions) {
    this.concurrentGames = concurrentGames;
    const workerData: ZeroWorkerData = { provider };
    const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
    const filename = new URL(`./worker${extension}`, import.meta.url).href;
    this.threads = Array.from(
      { length: workers },
      () => new Piscina({ filename, workerData, minThreads: 1, maxThreads: 1, concurrentTasksPerWorker: 1 }),
    );
  }

  /** Of the `play` under way, or the last one. */
  get counts(): PlayCounts {
    const { current } = this;
    if (current === null) return { games: 0, moves: 0, evaluations: 0, batches: 0 };
    return { games: current.done.size, ...current.claims.counts };
  }

  /**
   * Plays every game of the request, or until its signal aborts; a thread that dies is replaced and its games are played
   * again. Each game is a function of net, config, seed, generation and index, whoever plays it. One call at a time.
   * @throws Error with a readable sentence where the net cannot be used.
   */
  async play(request: PlayRequest): Promise<PlayCounts> {
    const memory = allocateClaims(request.indices);
    const play: Play = {
      request,
      netHash: createHash('sha256').update(readFileSync(request.net)).digest('hex'),
      memory,
      claims: new Claims(memory),
      done: new Set(),
      live: new Map(),
      stop: new AbortController(),
      deathsInARow: 0,
    };
    this.current = play;
    const stop = (): void => play.stop.abort();
    if (request.signal?.aborted === true) stop();
    request.signal?.addEventListener('abort', stop, { once: true });
    try {
      const ends = await Promise.allSettled(this.threads.map((_, thread) => this.playOn(play, thread)));
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    } finally {
      request.signal?.removeEventListener('abort', stop);
    }
    return this.counts;
  }

  /** Waits for no game: abort `play` and await it first. */
  async close(): Promise<void> {
    await Promise.all(
      this.threads.map(async (thread) => {
        await thread.run(undefined, { name: 'release' });
        await thread.destroy();
      }),
    );
  }

  /** Keeps a thread at work until no game is left, replacing it when it dies. */
  private async playOn(play: Play, thread: number): Promise<void> {
    for (;;) {
      const result = await this.runTask(play, thread);
      if (result !== null) {
        if (result.ok) return;
        play.stop.abort();
        throw new Error(result.message);
      }
      const left = play.claims.release(thread, play.done);
      if (play.stop.signal.aborted) return;
      if (++play.deathsInARow >= MOST_DEATHS) {
        play.stop.abort();
        throw new Error(`${MOST_DEATHS} threads of self-play died one after another.`);
      }
      play.request.onAlarm?.(
        `A thread of self-play died${left ? '; the games it was playing are played again' : ''}.`,
      );
    }
  }

  /** Lets the thread play what is left. @returns how it ended, or null where the thread died. */
  private async runTask(play: Play, thread: number): Promise<TaskResult | null> {
    const { request, netHash, memory, stop } = play;
    const { net, config, seed, generation, resignBelow } = request;
    const { port1, port2 } = new MessageChannel();
    const hear = (message: PlayMessage): void => this.hear(play, thread, message);
    port1.on('message', hear);
    const tellToStop = (): void => port1.postMessage(null);
    if (stop.signal.aborted) tellToStop();
    stop.signal.addEventListener('abort', tellToStop, { once: true });
    const task: PlayTask = {
      thread,
      net,
      netHash,
      config,
      seed,
      generation,
      resignBelow,
      concurrentGames: this.concurrentGames,
      claims: memory,
      port: port2,
    };
    try {
      return (await this.threads[thread].run(task, { name: 'play', transferList: [port2] })) as TaskResult;
    } catch {
      return null;
    } finally {
      // What the thread sent before it ended may not have been heard yet.
      for (let left = receiveMessageOnPort(port1); left !== undefined; left = receiveMessageOnPort(port1))
        hear(left.message as PlayMessage);
      stop.signal.removeEventListener('abort', tellToStop);
      port1.close();
      play.live.delete(thread);
    }
  }

  private hear(play: Play, thread: number, message: PlayMessage): void {
    const { request, done, live } = play;
    if ('live' in message) {
      live.set(thread, message.live);
      request.onLive?.([...live.values()].flat());
      return;
    }
    const { game } = message;
    // A thread that died right after it had sent a game leaves it to be played again.
    if (done.has(game.index)) return;
    done.add(game.index);
    play.deathsInARow = 0;
    request.onGame(game);
  }
}
