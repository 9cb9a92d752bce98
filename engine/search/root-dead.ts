/** Which stones are dead as a search sees it from its root. */
import { EMPTY } from '#engine/go/color.ts';
import type { PositionCursor } from '#engine/go/cursor.ts';
import { deadStones } from './dead-stones.ts';
import type { Evaluator } from './evaluator.ts';
import { meanOwnershipBlack } from './mean-ownership.ts';

/** Under which the end of a game is judged: two turns and two mirror images. */
const END_SYMMETRIES = [0, 3, 5, 6];

/**
 * With one pass played the next one ends the game, and stones that still have to be killed are then alive: the view after
 * it is asked for too, and an opponent's stone is dead only if both views agree, an own one if either says so.
 * @param cursor at the root, where it is left. @param ownershipBlack the root's evaluation, null where it has none.
 * @returns uint8 [area]: the colour of each stone that is dead, 0 elsewhere.
 */
export async function deadAtRoot(
  evaluator: Evaluator,
  cursor: PositionCursor,
  ownershipBlack: Float32Array | null,
): Promise<Uint8Array> {
  const views: Set<number>[] = [];
  const judge = async (): Promise<void> => {
    const seen = await meanOwnershipBlack(evaluator, cursor, END_SYMMETRIES);
    views.push(new Set(deadStones(cursor, seen)));
  };
  if (cursor.consecutivePasses === 1 && ownershipBlack !== null) {
    await judge();
    cursor.play(cursor.board.area);
    await judge();
    cursor.undo();
  } else views.push(new Set(deadStones(cursor, ownershipBlack)));
  const dead = new Uint8Array(cursor.board.area);
  for (const [p, color] of cursor.board.stones.entries()) {
    const says = (view: Set<number>): boolean => view.has(p);
    if (color !== EMPTY && (color === cursor.toPlay ? views.some(says) : views.every(says))) dead[p] = color;
  }
  return dead;
}
