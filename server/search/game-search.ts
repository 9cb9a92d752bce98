/** The one thing the server knows about searching: it happens elsewhere, can be cancelled, and says what it saw. */
import type { Move } from '#engine/go/view.ts';
import type { GameMoves } from '#engine/record/game-record.ts';
import type { Engine } from '../levels.ts';

export type SearchRequest = {
  readonly game: GameMoves;
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
  /** Who owns each point if the game ends here, [width * height] in [-1, 1]: the net's ownership head, or playouts without a net. */
  ownershipBlack(request: Omit<SearchRequest, 'engine'>): Promise<ArrayLike<number>>;
  close(): Promise<void>;
}
