/** Everything the board element draws, computed from the state; the element itself knows no rules and no server. */
import { Board } from '../../../engine/go/board.ts';
import { formatMove } from '../../../engine/record/coordinates.ts';
import type { GameMessage } from '../../../server/protocol/messages.ts';
import { isPersonsTurn, type GameState } from './game-state.ts';
import type { Preferences } from './saved.ts';

export type BoardView = {
  readonly width: number;
  readonly height: number;
  /** [width * height] of 0, 1, 2. */
  readonly stones: ArrayLike<number>;
  /** What a click does: plays a stone, marks a chain dead or alive, or nothing. */
  readonly action: 'play' | 'mark-dead' | 'none';
  /** The colour of the stone under the pointer. */
  readonly toPlay: 1 | 2;
  /** [width * height] of 0 and 1: where a click does something. */
  readonly clickable: ArrayLike<number>;
  readonly lastMove: number | null;
  /** A move on its way to the server. */
  readonly pending: number | null;
  readonly ko: number | null;
  readonly dead: ReadonlySet<number>;
  /** [width * height] of 1 black's, -1 white's, 0 nobody's, or null. */
  readonly territory: ArrayLike<number> | null;
  /** [width * height] probabilities, or null. */
  readonly policy: ArrayLike<number> | null;
  /** [width * height] in [-1, 1], 1 = Black's, or null. */
  readonly ownershipBlack: ArrayLike<number> | null;
  /** The number of the move that put each stone there, or null when not shown. */
  readonly moveNumbers: ReadonlyMap<number, number> | null;
  /** What each point is called by a screen reader: coordinate, stone, liberties. */
  readonly labels: readonly string[];
};

/** The board after the first `ply` moves. */
function boardAt(game: GameMessage, ply: number): Board {
  const board = new Board(game.width, game.height);
  for (const p of game.setup.black) board.place(p, 1);
  for (const p of game.setup.white) board.place(p, 2);
  for (const { color, move } of game.moves.slice(0, ply)) board.play(move, color);
  return board;
}

/** Stones that each side had captured after the first `ply` moves. */
export function capturesAt(game: GameMessage, ply: number): GameMessage['captures'] {
  const { captures } = boardAt(game, ply);
  return { black: captures[1], white: captures[2] };
}

function numberMoves(game: GameMessage, ply: number): Map<number, number> {
  const numbers = new Map<number, number>();
  for (const [index, { move }] of game.moves.slice(0, ply).entries()) numbers.set(move, index + 1);
  return numbers;
}

/** What each point is called by a screen reader. */
export function labelPoints(board: Board, view: Omit<BoardView, 'labels'>): string[] {
  return Array.from({ length: board.area }, (_, p) => {
    const parts = [formatMove(p, board.width, board.height)];
    const stone = view.stones[p];
    if (stone === 0) parts.push('empty');
    else {
      const liberties = board.liberties(p);
      parts.push(stone === 1 ? 'black stone' : 'white stone');
      parts.push(`${liberties} ${liberties === 1 ? 'liberty' : 'liberties'}`);
    }
    if (p === view.lastMove) parts.push('last move');
    if (view.dead.has(p)) parts.push('marked dead');
    if (stone === 0 && view.territory !== null && view.territory[p] !== 0)
      parts.push(view.territory[p] > 0 ? "Black's point" : "White's point");
    if (p === view.ko) parts.push('ko');
    else if (stone === 0 && view.action === 'play' && view.clickable[p] === 0) parts.push('not allowed');
    if (view.policy !== null && view.policy[p] >= 0.01)
      parts.push(`policy ${Math.round(view.policy[p] * 100)} percent`);
    return parts.join(', ');
  });
}

/** The empty board shown before there is a game. */
export function emptyView(size: number): BoardView {
  const none = new Uint8Array(size * size);
  const view: Omit<BoardView, 'labels'> = {
    width: size,
    height: size,
    stones: none,
    action: 'none',
    toPlay: 1,
    clickable: none,
    lastMove: null,
    pending: null,
    ko: null,
    dead: new Set(),
    territory: null,
    policy: null,
    ownershipBlack: null,
    moveNumbers: null,
  };
  return { ...view, labels: Array.from(none, (_, p) => `${formatMove(p, size, size)}, empty`) };
}

export function makeBoardView(state: GameState, preferences: Preferences): BoardView {
  const { game } = state;
  if (game === null) return emptyView(preferences.size);
  const isPresent = state.viewPly === null;
  const ply = state.viewPly ?? game.moves.length;
  const board = boardAt(game, ply);
  const analysis = state.analyses.get(ply);
  const isScoring = isPresent && game.phase === 'scoring' && game.secret !== null;
  const isTurn = isPersonsTurn(state);
  const last = game.moves[ply - 1]?.move ?? null;
  // Who owns what is settled while a count is shown; guesses about it would only hide it.
  const territory = isPresent ? game.ownership : null;
  const guesses = territory === null ? analysis : undefined;
  const view: Omit<BoardView, 'labels'> = {
    width: game.width,
    height: game.height,
    stones: isPresent ? game.stones : board.stones,
    action: isTurn ? 'play' : isScoring ? 'mark-dead' : 'none',
    toPlay: game.toPlay,
    clickable: isTurn ? game.legal : isScoring ? game.stones : new Uint8Array(board.area),
    lastMove: last === board.area ? null : last,
    pending: isPresent ? (state.pending?.move ?? null) : null,
    ko: isPresent ? game.ko : board.koPoint < 0 ? null : board.koPoint,
    dead: new Set(isPresent ? game.dead : []),
    territory,
    policy: preferences.showPolicy ? (guesses?.policy ?? null) : null,
    ownershipBlack: preferences.showOwnership ? (guesses?.ownershipBlack ?? null) : null,
    moveNumbers: preferences.showMoveNumbers ? numberMoves(game, ply) : null,
  };
  return { ...view, labels: labelPoints(board, view) };
}
