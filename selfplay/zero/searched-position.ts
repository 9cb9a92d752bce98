/** What a game keeps of a search. */
import type { SearchResult } from '#engine/search/result.ts';
import type { SearchedPosition } from '../shards/self-play-game.ts';

/** Probabilities below this are left out of targets: they teach nothing and would be most of a shard. Our choice. */
const LEAST_PROBABILITY = 1e-4;

/** Priors below this are taken for it where they are compared with the target, since float32 may round them to 0. Our choice. */
const LEAST_PRIOR = 1e-8;

/** @param ply index of the move that the search was for. @param withOwnership whether to keep the net's own opinion of it. */
export function searchedPosition(
  ply: number,
  result: Pick<SearchResult, 'policyTarget' | 'policy' | 'winrateBlack' | 'scoreBlack' | 'ownershipBlack'>,
  withOwnership: boolean,
): SearchedPosition {
  const { policyTarget, policy: prior, winrateBlack, scoreBlack, ownershipBlack } = result;
  const moves: number[] = [];
  let sum = 0;
  for (const [move, probability] of policyTarget.entries()) {
    if (probability < LEAST_PROBABILITY) continue;
    moves.push(move);
    sum += probability;
  }
  const policy = Float32Array.from(moves, (move) => policyTarget[move] / sum);
  let surprise = 0;
  for (const [i, move] of moves.entries())
    surprise += policy[i] * Math.log(policy[i] / Math.max(LEAST_PRIOR, prior[move]));
  return {
    ply,
    policyMoves: Int16Array.from(moves),
    policy,
    valueBlack: 2 * winrateBlack - 1,
    scoreBlack,
    surprise: Math.max(0, surprise),
    ownershipBlack:
      withOwnership && ownershipBlack !== null
        ? Int8Array.from(ownershipBlack, (owner) => Math.round(127 * owner))
        : null,
  };
}
