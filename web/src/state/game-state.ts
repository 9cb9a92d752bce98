/** What the page knows of its game, apart from how it is drawn. */
import { parseResult } from '../../../engine/record/result.ts';
import type { AnalysisMessage, GameMessage } from '../../../server/protocol/messages.ts';

/** A move sent and not yet acknowledged; sent again with the same nonce after a reconnect. */
export type PendingMove = {
  readonly move: number;
  /** Plies played before it. */
  readonly ply: number;
  readonly nonce: string;
};

export type GameState = {
  readonly connection: 'connecting' | 'open' | 'lost';
  /** Null before the first game, and while a stored game is being fetched. */
  readonly game: GameMessage | null;
  /** By the ply they are about; only plies of the present game. */
  readonly analyses: ReadonlyMap<number, AnalysisMessage>;
  readonly pending: PendingMove | null;
  /** The ply looked at, or null for the present position. */
  readonly viewPly: number | null;
  /** A sentence to show about the last refusal, or null. */
  readonly notice: string | null;
  /** What a screen reader says next. */
  readonly announcement: string;
};

export const initialState: GameState = {
  connection: 'connecting',
  game: null,
  analyses: new Map(),
  pending: null,
  viewPly: null,
  notice: null,
  announcement: '',
};

/** Whether the person may play a stone or pass now. */
export function isPersonsTurn(state: GameState): boolean {
  const { game } = state;
  return (
    game !== null &&
    game.secret !== null &&
    game.phase === 'playing' &&
    !game.thinking &&
    game.toPlay === game.humanColor &&
    state.pending === null &&
    state.viewPly === null &&
    state.connection === 'open'
  );
}

/**
 * Black's win rate by ply, in [0, 1]: as analysed since this page has the game, else as the game remembers it. Where a game
 * ended, its result stands: 1, 0, or 0.5 for a draw.
 */
export function winrateCurve({ game, analyses }: GameState): (number | null)[] {
  if (game === null) return [];
  const curve = game.winrateHistory.map((known, ply) => analyses.get(ply)?.winrateBlack ?? known);
  const end = game.phase === 'finished' ? parseResult(game.result ?? '') : null;
  return end === null ? curve : curve.with(-1, (end.winner + 1) / 2);
}

/** Whether the person would lose a game in progress by opening another. */
export function isUnfinished({ game }: GameState): boolean {
  return game !== null && game.secret !== null && game.phase !== 'finished' && game.moves.length > 0;
}
