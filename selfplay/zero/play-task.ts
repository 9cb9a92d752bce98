/** What goes to a thread of self-play and what comes back. */
import type { MessagePort } from 'node:worker_threads';
import type { Provider } from '#nets/providers.ts';
import type { LiveGame } from '../run/run-files.ts';
import type { SelfPlayGame } from '../shards/self-play-game.ts';
import type { ClaimsMemory } from './claims.ts';
import type { SelfPlayConfig } from './config.ts';

export type PlayTask = {
  /** The thread's number. */
  readonly thread: number;
  /** Net file, and its SHA-256. */
  readonly net: string;
  readonly netHash: string;
  readonly config: SelfPlayConfig;
  readonly seed: number;
  readonly generation: number;
  readonly resignBelow: number;
  /** Games played at once. */
  readonly concurrentGames: number;
  readonly claims: ClaimsMemory;
  /** Where `PlayMessage`s go, and whatever comes from there means to stop. */
  readonly port: MessagePort;
};

export type PlayMessage = { readonly game: SelfPlayGame } | { readonly live: readonly LiveGame[] };

/** How a task ended: a thread that rejects instead has died. */
export type TaskResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** What a thread is told when it starts. */
export type ZeroWorkerData = { readonly provider: Provider };
