/** Decides what is kept away from training: by a stable hash of the game or image, so that every run agrees. */

/** Share of games or images kept for measuring, the same in training and in `net eval`. */
export const DEFAULT_HOLD_OUT = 0.05;

/** Fowler, Noll and Vo's FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/. */
export function hashOf(bytes: Iterable<number>): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  // FNV's low bits are good, its high bits less so on short input; the finisher of MurmurHash3 spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Over board size and the coloured moves. Names, dates and comments do not count, so copies of a game in several files fall
 * on the same side.
 */
export function gameHash(game: {
  readonly width: number;
  readonly height: number;
  readonly moves: readonly { readonly color: number; readonly move: number }[];
}): number {
  const moves = game.moves.flatMap(({ color, move }) => [color, move & 0xff, move >> 8]);
  return hashOf([game.width, game.height, ...moves]);
}

/** Whether what has this hash is held out when `fraction` (0..1) of all is. */
export function isHeldOut(hash: number, fraction: number): boolean {
  return hash < fraction * 2 ** 32;
}
