/** What a game is worth that ends, to a side that cannot be sure which stones are taken off. */
import { BLACK, EMPTY } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import type { PositionView } from '#engine/go/view.ts';
import { deadStones } from './dead-stones.ts';

/**
 * Black's score if the game ended here, in points with komi, every stone counted as it stands. Only under territory
 * rules are stones in the other side's pass-alive area taken as dead, because capturing them would cost points.
 */
export function scoreAsItStands(position: PositionView): number {
  if (position.rules.scoring === 'area') return scorePosition(position).scoreBlack;
  return scorePosition(position, deadStones(position, null)).scoreBlack;
}

/**
 * Black's score to expect if the game ended at `position` and nobody knows whether `dead` stones will be taken off.
 * Territory rules take them off. Under area rules the opponent of `cautious` may insist on either count, so that
 * `cautious` ends a game only where both are won and captures what is dead where it must.
 * @param dead the colour of each point's stone if that stone is dead, 0 elsewhere: [width * height].
 */
export function expectedScore(position: PositionView, dead: ArrayLike<number>, cautious: Color): number {
  const { board, rules } = position;
  const off: number[] = [];
  for (let p = 0; p < board.area; p++)
    // A stone added to a dead chain is dead with it.
    if (dead[p] !== EMPTY && dead[p] === board.stones[p]) off.push(...board.chainStones(p));
  if (off.length === 0) return scoreAsItStands(position);
  const agreed = scorePosition(position, off).scoreBlack;
  if (rules.scoring === 'territory') return agreed;
  const standing = scoreAsItStands(position);
  return cautious === BLACK ? Math.min(standing, agreed) : Math.max(standing, agreed);
}
