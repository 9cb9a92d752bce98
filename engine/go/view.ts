/** What features, searches and players may read of a game in progress; implemented by `Position` and `PositionCursor`. */
import type { Board } from './board.ts';
import type { Color } from './color.ts';
import type { Rules } from './rules.ts';

/** Point index `y * width + x` (y = 0 is the top row), pass = `width * height`: the same index as policy logits. */
export type Move = number;

export type IllegalReason = 'occupied' | 'ko' | 'superko' | 'suicide' | 'game-over' | 'off-board';

/** Moves of one side that whoever asks a search rules out, or rules all others out by. */
export type MoveRestriction = {
  readonly moves: readonly Move[];
  /** Whose moves these are. */
  readonly color: Color;
  /** Holds for moves played fewer plies after the root than this: 1 = at the root only. */
  readonly untilDepth: number;
};

export interface PositionView {
  /** Read only: never play on it; clone it first. */
  readonly board: Board;
  readonly rules: Rules;
  readonly toPlay: Color;
  /** Moves played so far, passes included. */
  readonly moveNumber: number;
  /** Passes in a row at the end of the game so far. */
  readonly consecutivePasses: number;
  readonly isOver: boolean;
  /** Handicap stones placed before the first move. */
  readonly handicap: number;
  /**
   * The move played `pliesAgo` plies ago (0 = the last one); -1 before the start, and beyond a move out of turn or a
   * game taken up again, where the players did not take turns.
   */
  recentMove(pliesAgo: number): Move;
  /**
   * The board before the last `pliesAgo` moves, 1 or more, or null where `recentMove(pliesAgo - 1)` is -1. Read only,
   * and valid until the position changes or the next call.
   */
  boardBefore(pliesAgo: number): Board | null;
  isLegal(move: Move): boolean;
  /** Whether the board after a stone on the empty `point` is one that superko forbids; never under simple ko. */
  repeats(point: number): boolean;
}
