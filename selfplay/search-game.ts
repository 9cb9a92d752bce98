/** A game as plain data, which can cross to another thread and be replayed there. */
import { opponent } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import type { Rules } from '#engine/go/rules.ts';
import type { Move } from '#engine/go/view.ts';
import { replay } from '#engine/record/sgf-game.ts';

export type SearchGame = {
  readonly width: number;
  readonly height: number;
  /** With their komi. */
  readonly rules: Rules;
  readonly handicap: number;
  /** Stones before the first move, handicap stones included. */
  readonly setup: { readonly black: readonly number[]; readonly white: readonly number[] };
  /** Who plays first. */
  readonly toPlay: Color;
  readonly moves: readonly { readonly color: Color; readonly move: Move }[];
};

/** The game that led to `position`. */
export function gameOf(position: Position): SearchGame {
  const moves: { color: Color; move: Move }[] = [];
  let start = position;
  for (; start.previous !== null; start = start.previous)
    if (start.lastMove >= 0) moves.push({ color: opponent(start.toPlay), move: start.lastMove });
  const { board, rules, handicap, toPlay } = start;
  const ofColor = (color: Color): number[] =>
    [...board.stones.keys()].filter((p) => board.stones[p] === color);
  return {
    width: board.width,
    height: board.height,
    rules,
    handicap,
    setup: { black: ofColor(1), white: ofColor(2) },
    toPlay,
    moves: moves.reverse(),
  };
}

/**
 * The last position of a game, in which somebody is to move: a game that ended in two passes is resumed.
 * @throws Error with a readable sentence where a move is illegal.
 */
export function positionOf(game: SearchGame): Position {
  const replayed = replay({
    ...game,
    komi: game.rules.komi,
    result: '',
    playerBlack: '',
    playerWhite: '',
    rankBlack: '',
    rankWhite: '',
    date: '',
    event: '',
  });
  if (!replayed.ok) throw new Error(replayed.message);
  return replayed.position.isOver ? replayed.position.resume() : replayed.position;
}
