/** Games on their way to a search thread: a position as the game that led to it, and back. */
import { BLACK, WHITE } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import { historyOf, replay, stonesOf } from '#engine/record/game-record.ts';
import type { GameMoves } from '#engine/record/game-record.ts';

export type SearchGame = GameMoves & {
  /** Whose turn it is after the moves; not always the side that did not move last. */
  readonly nextToPlay?: Color;
};

/** The game that led to `position`. */
export function gameOf(position: Position): SearchGame {
  const { start, moves } = historyOf(position);
  const { board, rules, handicap, toPlay, moveNumber } = start;
  return {
    width: board.width,
    height: board.height,
    rules,
    handicap,
    setup: { black: stonesOf(board, BLACK), white: stonesOf(board, WHITE) },
    toPlay,
    movesBefore: moveNumber,
    moves,
    nextToPlay: position.toPlay,
  };
}

/**
 * The last position of a game, in which somebody is to move: a game that ended in two passes is resumed.
 * @throws Error with a readable sentence where a move is illegal.
 */
export function positionOf(game: SearchGame): Position {
  const replayed = replay(game);
  if (!replayed.ok) throw new Error(replayed.message);
  const { position } = replayed;
  const { nextToPlay = position.toPlay } = game;
  return position.isOver || position.toPlay !== nextToPlay ? position.resume(nextToPlay) : position;
}
