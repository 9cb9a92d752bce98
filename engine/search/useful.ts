/** Moves that cannot help and passes that would throw a game away, taken off the root before a search. */
import type { Board } from '#engine/go/board.ts';
import { EMPTY, opponent, signFor, type Color } from '#engine/go/color.ts';
import { passAliveArea } from '#engine/go/life.ts';
import { isEye } from '#engine/go/eyes.ts';
import type { Move, PositionView } from '#engine/go/view.ts';
import type { SearchParameters } from './parameters.ts';
import { scoreAsItStands } from './end-score.ts';

/**
 * The moves worth searching in `position`, of those in `legal`:
 * - no filling of own eyes and no move in an area that is pass-alive, unless own stones there still have to capture
 *   something that counts against them;
 * - no pass while the count as it stands is not won under area rules, or in the opening, if any other move is left that
 *   does not put own stones into atari: where only those are left, as in seki, passing is what loses nothing.
 * @param legal all legal moves, pass included. @returns at least one move, in the order given.
 */
export function usefulMoves(
  position: PositionView,
  legal: readonly Move[],
  parameters: Pick<SearchParameters, 'earliestPass'>,
): Move[] {
  const { board, toPlay, rules } = position;
  const pass = board.area;
  const alive = passAliveArea(board, rules.suicide);
  const own = signFor(toPlay);
  let toCapture = false;
  let stones = 0;
  for (let p = 0; p < board.area; p++) {
    if (board.stones[p] !== EMPTY) stones++;
    if (board.stones[p] === opponent(toPlay) && alive[p] === own) toCapture = rules.scoring === 'area';
  }
  const moves = legal.filter(
    (move) =>
      move !== pass &&
      !isEye(board, move, toPlay) &&
      (alive[move] === 0 || (toCapture && alive[move] === own)),
  );
  if (moves.length === 0) return [pass];
  const notWon = rules.scoring === 'area' && own * scoreAsItStands(position) <= 0;
  const opening = stones < parameters.earliestPass * board.area;
  const mayNotPass = (notWon || opening) && moves.some((move) => !givesAtari(board, move, toPlay));
  return mayNotPass ? moves : [...moves, pass];
}

/** Whether a stone at `point` is suicide, or captures nothing and makes a chain of several that can be captured at once. */
function givesAtari(board: Board, point: number, color: Color): boolean {
  const after = board.clone();
  const removed = after.play(point, color);
  if (after.stones[point] === EMPTY) return true;
  return removed === 0 && after.liberties(point) === 1 && after.chainStones(point).length > 1;
}
