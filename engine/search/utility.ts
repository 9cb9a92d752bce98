/** What an outcome and a score are worth to the search, and what a finished game was. */
import { BLACK, WHITE } from '#engine/go/color.ts';
import { passAliveArea } from '#engine/go/life.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import type { PositionView } from '#engine/go/view.ts';

/**
 * (1 - w) * value + w * (2 / pi) * atan(score / (2 * sqrt(area))): KataGo's static score utility, 2019, section 4.1.
 * @param score in points, NaN where unknown. @param area points of the board. @returns in [-1, 1], of the same side.
 */
export function utility(value: number, score: number, area: number, scoreWeight: number): number {
  if (Number.isNaN(score)) return value;
  const scoreUtility = (2 / Math.PI) * Math.atan(score / (2 * Math.sqrt(area)));
  return (1 - scoreWeight) * value + scoreWeight * scoreUtility;
}

/**
 * Black's score if the game ended here, in points with komi, every stone counted as it stands. Only under territory
 * rules are stones in the other side's pass-alive area taken as dead, because capturing them would cost points.
 */
export function scoreAsItStands(position: PositionView): number {
  const { board, rules } = position;
  if (rules.scoring === 'area') return scorePosition(position).scoreBlack;
  const alive = passAliveArea(board);
  const dead: number[] = [];
  for (let p = 0; p < board.area; p++)
    if ((board.stones[p] === BLACK && alive[p] < 0) || (board.stones[p] === WHITE && alive[p] > 0))
      dead.push(p);
  return scorePosition(position, dead).scoreBlack;
}
