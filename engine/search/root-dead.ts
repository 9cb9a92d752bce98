/** Which stones are dead as a search sees it from its root. */
import type { PositionCursor } from '#engine/go/cursor.ts';
import { deadStones } from './dead-stones.ts';
import type { Evaluator } from './evaluator.ts';
import { END_SYMMETRIES, meanOwnershipBlack } from './mean-ownership.ts';

/**
 * With one pass played the next one ends the game, and stones that still have to be killed are then alive: the view after it
 * is asked for too. An opponent's stone is dead only if both views agree; an own one if the view after the pass says so,
 * since who may pass is none the worse for it being his turn, as in seki.
 * @param cursor at the root, where it is left. @param ownershipBlack the root's evaluation, null where it has none.
 * @returns uint8 [area]: the colour of each stone that is dead, 0 elsewhere.
 */
export async function deadAtRoot(
  evaluator: Evaluator,
  cursor: PositionCursor,
  ownershipBlack: Float32Array | null,
): Promise<Uint8Array> {
  const judge = async (): Promise<number[]> =>
    deadStones(cursor, await meanOwnershipBlack(evaluator, cursor, END_SYMMETRIES));
  const { board, toPlay } = cursor;
  const isAsked = cursor.consecutivePasses === 1 && ownershipBlack !== null;
  const now = new Set(isAsked ? await judge() : deadStones(cursor, ownershipBlack));
  let passed: Iterable<number> = now;
  if (isAsked) {
    cursor.play(board.area);
    passed = await judge();
    cursor.undo();
  }
  const dead = new Uint8Array(board.area);
  for (const p of passed) if (board.stones[p] === toPlay || now.has(p)) dead[p] = board.stones[p];
  return dead;
}
