/** What goes to a search thread and what comes back. */
import type { MessagePort } from 'node:worker_threads';
import type { SearchParameters } from '#engine/search/parameters.ts';
import type { SearchOptions } from '#engine/search/restrictions.ts';
import type { SearchResult } from '#engine/search/result.ts';
import type { Connection } from '#nets/inference/shared-evaluator.ts';
import type { NetRefusal } from '#nets/inference/trial.ts';
import type { Provider } from '#nets/providers.ts';
import type { SearchGame } from './search-game.ts';

/** Nets that a pool keeps open; each costs its weights in every session. */
export const MAX_NETS = 4;

/** To end with what has been found, or, since nobody waits for it, as soon as may be or not to begin at all. */
export const STOP = { end: 1, giveUp: 2 } as const;

/** A net file, or null for light playouts. */
export type SearchEngine = string | null;

export type AnalyseTask = {
  readonly game: SearchGame;
  readonly net: SearchEngine;
  /** Root visits; 1 asks the evaluator once and searches nothing. */
  readonly visits: number;
  /** No batch starts later than this after the task began to run. */
  readonly budgetMs?: number;
  /** Of noise, symmetries, choice by temperature and playouts. */
  readonly seed: number;
  /** Games with an id keep their tree from one task to the next. */
  readonly gameId?: string;
  readonly parameters?: Partial<SearchParameters>;
  /** What restricts the moves; such a task neither follows the game's tree nor is followed by it. */
  readonly options?: SearchOptions;
  /** int32 [1] in shared memory: 0, or what of `STOP` is asked. */
  readonly stop?: Int32Array;
  /** Gets what the search thinks so far, an Analysis, each time this many milliseconds have passed. */
  readonly reportEveryMs?: number;
  readonly reports?: MessagePort;
};

/** What the search found; the score is null where the net has no score head. */
export type Analysis = Omit<SearchResult, 'scoreBlack'> & { readonly scoreBlack: number | null };

export function analysisOf(result: SearchResult): Analysis {
  return { ...result, scoreBlack: Number.isNaN(result.scoreBlack) ? null : result.scoreBlack };
}

export type OwnershipTask = Pick<AnalyseTask, 'game' | 'net' | 'seed' | 'stop'>;

/** A net's own opinion, without a search. */
export type RawOpinionTask = {
  readonly game: SearchGame;
  /** A net file. */
  readonly net: string;
  /** 0..7, see engine/go/symmetry.ts. */
  readonly symmetries: readonly number[];
};

/** A net that runs in threads of its own. */
export type ConnectTask = { readonly path: string; readonly connection: Connection };

export type PrepareResult = { readonly ok: true } | NetRefusal;

/** What a search thread is told when it starts. */
export type SearchWorkerData = {
  readonly provider: Provider;
  /** int32 [1] in shared memory: how often what nets said before was to be forgotten. */
  readonly forgotten: Int32Array;
};
