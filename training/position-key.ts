/** Which positions are the same up to symmetry. */
import type { Position } from '#engine/go/position.ts';
import { SYMMETRY_COUNT, symmetryTable } from '#engine/go/symmetry.ts';
import { turnedHash } from '#engine/go/zobrist.ts';
import type { GameSamples } from './dataset.ts';

/** A hash of 53 bits of the stones and whose turn it is, without komi, ko and what was played before. */
export function positionKey({ board, toPlay }: Pick<Position, 'board' | 'toPlay'>): number {
  const { width, height, stones } = board;
  // Boards without stones have the same hash, whatever their size.
  const salt = (width * height * 64 + width + height) * 4 + toPlay;
  const keys = Array.from({ length: SYMMETRY_COUNT }, (_, symmetry) => {
    const { hi, lo } = turnedHash(stones, symmetryTable(symmetry, width, height));
    return (hi >>> 11) * 2 ** 32 + ((lo ^ salt) >>> 0);
  });
  return Math.min(...keys);
}

/** Of all positions of these games, in the order of games and moves. */
const keysOf = (games: readonly Pick<GameSamples, 'keys'>[]): number[] =>
  games.flatMap(({ keys }) => [...keys]);

/** Tells of position `index` of the tested games whether none that is learned from is the same. */
export function newPositions(
  learned: readonly Pick<GameSamples, 'keys'>[],
  tested: readonly Pick<GameSamples, 'keys'>[],
): (index: number) => boolean {
  const known = new Set(keysOf(learned));
  const isNew = keysOf(tested).map((key) => !known.has(key));
  return (index) => isNew[index];
}
