/** What goes to a search thread and what comes back. */
import type { Move } from '#engine/go/view.ts';
import type { SearchParameters } from '#engine/search/parameters.ts';
import type { Provider } from '#nets/providers.ts';
import type { SearchGame } from './search-game.ts';

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
  /** int32 [1] in shared memory; anything but 0 stops the search. */
  readonly stop?: Int32Array;
};

export type Analysis = {
  readonly move: Move | 'resign';
  readonly rootVisits: number;
  /** In [0, 1]. */
  readonly winrateBlack: number;
  /** Points with komi; null where the net has no score head. */
  readonly scoreBlack: number | null;
  /** float32 [A], 0 for illegal moves; equal for all moves without a net. */
  readonly policy: Float32Array;
  /** int32 [A]. */
  readonly visits: Int32Array;
  /** float32 [A]: win rate of the side to move after each visited move, NaN elsewhere. */
  readonly winrateToPlay: Float32Array;
  readonly pv: readonly Move[];
  /** float32 [width * height] in [-1, 1]; null where the net has none. */
  readonly ownershipBlack: Float32Array | null;
};

export type OwnershipTask = Pick<AnalyseTask, 'game' | 'net' | 'seed'>;

export type PrepareResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** What a search thread is told when it starts. */
export type SearchWorkerData = { readonly provider: Provider };
