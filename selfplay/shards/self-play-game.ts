/**
 * A finished game of self-play and what it teaches: what a shard stores and training reads.
 * Its numbers are those that a shard can hold (`asRecorded` rounds to them), so that a game is the same before and after it was stored.
 */
import type { Color } from '#engine/go/color.ts';
import type { Rules } from '#engine/go/rules.ts';

/** What was found of one position of a game before its move was played. */
export type SearchedPosition = {
  /** Index of the move that was played, in `moves`. */
  readonly ply: number;
  /** The policy to learn: probabilities above 0 with their moves, in increasing order of moves; multiples of 2^-16 that sum to exactly 1. */
  readonly policyMoves: Int16Array;
  readonly policy: Float32Array;
  /** Root mean value of the search in [-1, 1], and score in points with komi (NaN where the net has none), for Black; float32. */
  readonly valueBlack: number;
  readonly scoreBlack: number;
  /** Kullback-Leibler divergence of `policy` from the net's own policy, in nats: how much the search surprised it; float32. */
  readonly surprise: number;
  /** int8 [width * height]: 127 times the net's own opinion of who will own each point, for Black; null unless opinions are recorded. */
  readonly ownershipBlack: Int8Array | null;
};

export type SelfPlayGame = {
  readonly generation: number;
  /** Within its generation, from 0; with the seed of the run it determines the game. */
  readonly index: number;
  /** SHA-256 of the net file that played, in hexadecimal. */
  readonly net: string;
  readonly width: number;
  readonly height: number;
  readonly rules: Rules;
  /** Stones on the board before the first move, and who makes that. */
  readonly setup: { readonly black: readonly number[]; readonly white: readonly number[] };
  readonly toPlay: Color;
  /** int16 [plies]: the sides alternate. */
  readonly moves: Int16Array;
  readonly end: 'passes' | 'settled' | 'resignation' | 'move-limit';
  /** 1 Black won, -1 White won, 0 draw. */
  readonly outcomeBlack: -1 | 0 | 1;
  /** Points Black is ahead, komi included, every stone counted as it stands; null after a resignation. */
  readonly scoreBlack: number | null;
  /** int8 [width * height]: 1 Black, -1 White, 0 nobody; null after a resignation. */
  readonly ownershipBlack: Int8Array | null;
  /** Whether resignation was switched off to see how often it would have been wrong. */
  readonly playedOn: boolean;
  /** The lowest win rate, in [0, 1], that the search gave the later winner, or in a draw either side, at one of its own moves after the earliest resignation; 1 where there was none. */
  readonly winnersLowest: number;
  /** In increasing order of plies. */
  readonly positions: readonly SearchedPosition[];
};
