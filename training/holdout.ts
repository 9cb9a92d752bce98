/** Decides what is learned from and what is kept away from training: by a stable hash of the game or image, so that every run agrees. */
import { fnv1a } from '#engine/go/fnv.ts';
import { SYMMETRY_COUNT, symmetryTable } from '#engine/go/symmetry.ts';

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

type GameMoves = {
  readonly width: number;
  readonly height: number;
  readonly moves: readonly { readonly color: number; readonly move: number }[];
};

/** The moves of the one of the eight turns and mirrors of a game, no wider than high, that comes first in the order of points. */
export function firstOfTurned({ width, height, moves }: GameMoves): number[] {
  const side = Math.min(width, height);
  const all = Array.from({ length: SYMMETRY_COUNT }, (_, symmetry) => symmetry);
  let left = all
    .filter((symmetry) => (symmetry & 4 ? height : width) === side)
    .map((symmetry) => symmetryTable(symmetry, width, height));
  return moves.map(({ move }) => {
    const first = Math.min(...left.map((image) => image[move]));
    left = left.filter((image) => image[move] === first);
    return first;
  });
}

/**
 * Over board size and the coloured moves, up to symmetry. Names, dates and comments do not count, so copies of a game in
 * several files fall on the same side, turned ones too.
 */
export function gameHash(game: GameMoves): number {
  const { width, height, moves } = game;
  const turned = firstOfTurned(game).flatMap((move, i) => [moves[i].color, move & 0xff, move >> 8]);
  return hashOf([Math.min(width, height), Math.max(width, height), ...turned]);
}

/** What a game or image is for: to learn from, to measure by along the way and stop by, or to test what has come of it. */
export type Side = 'train' | 'validation' | 'test';

export type Shares = {
  /** Of all, from 0 to 1 together. */
  readonly test: number;
  readonly validation: number;
  /** Of the rest that is learned from; a smaller one is part of a larger one. */
  readonly train: number;
};

/** Of what has this hash; null for none. */
export function sideOf(hash: number, { test, validation, train }: Shares): Side | null {
  const place = hash / 2 ** 32;
  const rest = 1 - test - validation;
  if (place < test) return 'test';
  if (place < test + validation) return 'validation';
  return place >= 1 - train * rest ? 'train' : null;
}

export type Split = {
  /** Share of all that is kept for tests, and as much again for measuring along the way. */
  readonly holdOut: number;
  /** See `Shares`. */
  readonly trainShare: number;
};

export const gameShares = ({ holdOut, trainShare }: Split): Shares => ({
  test: holdOut,
  validation: holdOut,
  train: trainShare,
});

/** To test nets on games that no run with this share has learned from, or been stopped by. */
export const testShares = (holdOut: number): Shares => ({ test: holdOut, validation: 0, train: 0 });
