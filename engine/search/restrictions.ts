/** Moves a search may not think of, as whoever asks for it wishes: the avoidMoves and allowMoves of KataGo's analysis engine. */
import type { Color } from '#engine/go/color.ts';
import type { Move, MoveRestriction, PositionView } from '#engine/go/view.ts';

export type SearchOptions = {
  /** None of these is played. */
  readonly avoidMoves?: readonly MoveRestriction[];
  /** Where any of these hold for a side at a depth, nothing but their moves is played. */
  readonly allowMoves?: readonly MoveRestriction[];
};

/** Whether `color` may play `move` at `depth` plies after the root (0 = the root's own moves). */
export function isAllowed(options: SearchOptions, move: Move, color: Color, depth: number): boolean {
  const holds = (restriction: MoveRestriction): boolean =>
    restriction.color === color && depth < restriction.untilDepth;
  if (options.avoidMoves?.some((avoid) => holds(avoid) && avoid.moves.includes(move))) return false;
  const allowed = options.allowMoves?.filter(holds) ?? [];
  return allowed.length === 0 || allowed.some((allow) => allow.moves.includes(move));
}

/** Whether any legal move of the side to move is left. */
export function leavesMove(options: SearchOptions, position: PositionView): boolean {
  for (let move = 0; move <= position.board.area; move++)
    if (position.isLegal(move) && isAllowed(options, move, position.toPlay, 0)) return true;
  return false;
}

/** Whether the options restrict anything. */
export function restricts({ avoidMoves, allowMoves }: SearchOptions): boolean {
  return (avoidMoves?.length ?? 0) + (allowMoves?.length ?? 0) > 0;
}
