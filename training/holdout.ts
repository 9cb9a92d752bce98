/** Decides which games are kept away from training: by a stable hash of the game, so that every run agrees. */

/** Share of games kept for measuring, the same in training and in `net eval`. */
export const DEFAULT_HOLD_OUT = 0.05;

/**
 * FNV-1a, 32 bits, over board size and the coloured moves. Names, dates and comments do not count, so copies of a
 * game in several files fall on the same side. Fowler, Noll, Vo: http://www.isthe.com/chongo/tech/comp/fnv/.
 */
export function gameHash(game: {
  readonly width: number;
  readonly height: number;
  readonly moves: readonly { readonly color: number; readonly move: number }[];
}): number {
  let hash = 0x811c9dc5;
  const mix = (byte: number): void => {
    hash = Math.imul(hash ^ byte, 0x01000193);
  };
  mix(game.width);
  mix(game.height);
  for (const { color, move } of game.moves) {
    mix(color);
    mix(move & 0xff);
    mix(move >> 8);
  }
  // FNV's low bits are good, its high bits less so on short input; the finisher of MurmurHash3 spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Whether a game with this hash is held out when `fraction` (0..1) of all games are. */
export function isHeldOut(hash: number, fraction: number): boolean {
  return hash < fraction * 2 ** 32;
}
