/** What goes to a thread of self-play and what comes back. */
import type { MessagePort } from 'node:worker_threads';
import type { Connection } from '#nets/inference/shared-evaluator.ts';
import type { Provider } from '#nets/providers.ts';
import type { JudgeSetting } from '../rating/judge-request.ts';
import type { LiveGame } from '../run/run-files.ts';
import type { ClaimsMemory } from './claims.ts';
import type { SelfPlayConfig } from './config.ts';

/** Functions of worker.ts that play games. */
export type TaskName = 'play' | 'judge';

export type ThreadTask<Setting> = {
  /** The thread's number. */
  readonly thread: number;
  /** What the games depend on besides their number. */
  readonly setting: Setting;
  /** Games played at once. */
  readonly concurrentGames: number;
  /** By file, nets that run in a thread of their own; null where each thread opens its own. */
  readonly connections: Readonly<Record<string, Connection>> | null;
  readonly claims: ClaimsMemory;
  /** Where `ThreadMessage`s go, and whatever comes from there means to stop. */
  readonly port: MessagePort;
};

export type ThreadMessage<Game> = { readonly game: Game } | { readonly live: readonly LiveGame[] };

/** How a task ended: a thread that rejects instead has died. */
export type TaskResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

export type PlayTask = ThreadTask<{
  /** Net file, and its SHA-256. */
  readonly net: string;
  readonly netHash: string;
  readonly config: SelfPlayConfig;
  readonly seed: number;
  readonly generation: number;
  readonly resignBelow: number;
}>;

export type JudgeTask = ThreadTask<JudgeSetting>;

/** What a thread is told when it starts. */
export type ZeroWorkerData = { readonly provider: Provider };
