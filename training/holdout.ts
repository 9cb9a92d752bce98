/** Decides what is learned from and what is kept away from training: by a stable hash of the game or image, so that every run agrees. */
import { fnv1a } from '#engine/go/fnv.ts';

/** Share of games or images kept for measuring, the same in training and in `net eval`. */
export const DEFAULT_HOLD_OUT = 0.05;

/** A hash in [0, 2^32), spread evenly. */
export function hashOf(bytes: Iterable<number>): number {
  let hash = fnv1a(bytes);
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

/** What a game or image is for. */
export type Side = 'train' | 'heldOut';

export type Split = {
  /** Share of all that is held out, 0 to 1. */
  readonly holdOut: number;
  /** Share of the rest that is learned from; a smaller one is part of a larger one. */
  readonly trainShare: number;
};

/** Of what has this hash; null for neither. */
export function sideOf(hash: number, { holdOut, trainShare }: Split): Side | null {
  const place = hash / 2 ** 32;
  if (place < holdOut) return 'heldOut';
  return place >= 1 - trainShare * (1 - holdOut) ? 'train' : null;
}
