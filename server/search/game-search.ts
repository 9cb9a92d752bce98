/** The one thing the server knows about searching: it happens elsewhere, can be cancelled, and says what it saw. */
import type { Rules } from '#engine/go/rules.ts';
import type { Color } from '#engine/go/color.ts';
import type { Move } from '#engine/go/view.ts';
import type { Engine } from '../levels.ts';

/** A game as plain data, to be replayed where the search runs. */
export type SearchGame = {
  readonly width: number;
  readonly height: number;
  readonly rules: Rules;
  readonly handicap: number;
  readonly setup: { readonly black: readonly number[]; readonly white: readonly number[] };
  /** Who plays first. */
  readonly toPlay: Color;
  readonly moves: readonly { readonly color: Color; readonly move: Move }[];
};

export type SearchRequest = {
  readonly game: SearchGame;
  readonly engine: Engine;
  readonly seed: number;
  readonly signal: AbortSignal;
};

export type SearchResult = {
  readonly move: Move | 'resign';
  /** In [0, 1], or null where the engine cannot say. */
  readonly winrateBlack: number | null;
  readonly scoreBlack: number | null;
  /** [A], probabilities; null without a net. */
  readonly policy: ArrayLike<number> | null;
  /** [A]. */
  readonly visits: ArrayLike<number>;
  readonly pv: readonly Move[];
  /** [width * height] in [-1, 1]; null where the engine has none. */
  readonly ownershipBlack: ArrayLike<number> | null;
};

export interface GameSearch {
  readonly hasNet: boolean;
  /** Rejects when the signal aborts or the search fails. */
  search(request: SearchRequest): Promise<SearchResult>;
  /** Who will own each point, [width * height] in [-1, 1]: the net's ownership head, or playouts without a net. */
  ownershipBlack(request: Omit<SearchRequest, 'engine'>): Promise<ArrayLike<number>>;
  close(): Promise<void>;
}
