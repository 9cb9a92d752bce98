/** A game as plain data, which can be stored or sent to another thread, and its replay. */
import type { Board } from '#engine/go/board.ts';
import { BLACK, opponent, type Color } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import type { Rules } from '#engine/go/rules.ts';
import type { IllegalReason, Move } from '#engine/go/view.ts';
import { formatMove } from './coordinates.ts';

/** Everything before the first move. */
export type GameStart = {
  readonly width: number;
  readonly height: number;
  /** With their komi. */
  readonly rules: Rules;
  /** Handicap stones, 0 for an even game. */
  readonly handicap: number;
  /** Stones on the board before the first move, handicap stones included. */
  readonly setup: { readonly black: readonly number[]; readonly white: readonly number[] };
  /** Who moves first. */
  readonly toPlay: Color;
  /** Moves before the set-up, where it is a moment of a game whose past is not known; the stones do not show its handicap then. Default 0. */
  readonly movesBefore?: number;
};

export type GameMoves = GameStart & {
  readonly moves: readonly { readonly color: Color; readonly move: Move }[];
};

/** A game with what a record says about it; texts are '' where the record is silent. */
export type GameRecord = GameMoves & {
  /** Equals `rules.komi`. */
  readonly komi: number;
  /** As written; `parseResult` reads it. */
  readonly result: string;
  readonly playerBlack: string;
  readonly playerWhite: string;
  readonly rankBlack: string;
  readonly rankWhite: string;
  readonly date: string;
  readonly event: string;
};

/** Points with stones of a colour, in order. */
export function stonesOf({ stones }: Board, color: Color): number[] {
  return [...stones.keys()].filter((p) => stones[p] === color);
}

/** The start of the game that led to `position`, and its moves. */
export function historyOf(position: Position): { start: Position; moves: { color: Color; move: Move }[] } {
  const moves: { color: Color; move: Move }[] = [];
  let start = position;
  for (; start.previous !== null; start = start.previous)
    if (start.lastMove >= 0) moves.push({ color: opponent(start.toPlay), move: start.lastMove });
  return { start, moves: moves.reverse() };
}

/** How many moves two games have in common from the first. */
export function sharedPlies(a: GameMoves['moves'], b: GameMoves['moves']): number {
  const differs = a.findIndex(
    ({ color, move }, ply) => ply >= b.length || b[ply].color !== color || b[ply].move !== move,
  );
  return differs < 0 ? a.length : differs;
}

export type ReplayResult =
  | { readonly ok: true; readonly position: Position }
  | {
      readonly ok: false;
      /** From 1; 0 where the set-up stones themselves are impossible. */
      readonly moveNumber: number;
      readonly reason: IllegalReason | 'set-up';
      readonly message: string;
    };

/** The position before the first move. Throws RangeError where a chain was set up without liberties. */
export function startOf(game: GameStart): Position {
  const { width, height, rules, handicap, setup, toPlay, movesBefore = 0 } = game;
  const isHandicap = handicap > 1 && setup.black.length === handicap && setup.white.length === 0;
  return Position.start({
    width,
    height,
    rules,
    toPlay,
    ...(movesBefore > 0
      ? { setup, before: { moves: movesBefore, handicap } }
      : isHandicap
        ? { handicapStones: setup.black }
        : { setup }),
  });
}

/** Plays a game to its end under its own rules; one that went on after two passes is resumed. */
export function replay(game: GameMoves): ReplayResult {
  let position: Position;
  try {
    position = startOf(game);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { ok: false, moveNumber: 0, reason: 'set-up', message: error.message };
  }
  for (const [index, { color, move }] of game.moves.entries()) {
    if (position.isOver) position = position.resume();
    const played = position.play(move, color);
    if (!played.ok) {
      const where = `${color === BLACK ? 'Black' : 'White'} ${formatMove(move, game.width, game.height)}`;
      const message = `Move ${index + 1}, ${where}, is not legal (${played.reason}).`;
      return { ok: false, moveNumber: index + 1, reason: played.reason, message };
    }
    position = played.position;
  }
  return { ok: true, position };
}
