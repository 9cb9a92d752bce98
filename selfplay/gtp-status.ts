/** What becomes of each chain and each empty point when the game is over. */
import { EMPTY, signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { passAliveArea } from '#engine/go/life.ts';
import type { Position } from '#engine/go/position.ts';
import { scorePosition } from '#engine/go/scoring.ts';
import { chainOwnership, deadStones } from '#engine/search/dead-stones.ts';

export const STATUSES = ['alive', 'dead', 'seki', 'black_territory', 'white_territory', 'dame'] as const;
export type Status = (typeof STATUSES)[number];

export function isStatus(text: string | undefined): text is Status {
  return STATUSES.some((status) => status === text);
}

/** Mean ownership of a chain's points, for its own colour, up to which it is in seki where it is not dead: as near to nobody's as a dead chain is to the other side's. Our choice. */
const SEKI_UP_TO = 0.4;

/** Status of every point, [width * height]. @param ownershipBlack [width * height] in [-1, 1]. */
export function statuses(position: Position, ownershipBlack: ArrayLike<number>): Status[] {
  const { board, rules } = position;
  const alive = passAliveArea(board, rules.suicide);
  const dead = new Set(deadStones(position, ownershipBlack));
  const { ownership, inSeki } = scorePosition(position, dead);
  const found = Array.from<unknown, Status>({ length: board.area }, (_, p) =>
    ownership[p] === 0 ? 'dame' : ownership[p] > 0 ? 'black_territory' : 'white_territory',
  );
  for (let p = 0; p < board.area; p++) {
    if (board.stones[p] === EMPTY || board.chainId(p) !== p) continue;
    const own = signFor(board.stones[p] as Color);
    const mean = own * chainOwnership(board, p, ownershipBlack);
    const isInSeki = inSeki[p] === 1 || (alive[p] !== own && mean <= SEKI_UP_TO);
    const status = dead.has(p) ? 'dead' : isInSeki ? 'seki' : 'alive';
    for (const q of board.chainStones(p)) found[q] = status;
  }
  return found;
}
