/** Rounds what a search found to the numbers that a shard can hold. */
import type { SearchedPosition, SelfPlayGame } from './self-play-game.ts';

/** A policy shares out this many units; a power of 2, so that float32 holds each share exactly. */
export const POLICY_UNITS = 2 ** 16;

/**
 * Shares out 2^16 units as the probabilities do; moves that get none are left out. What is rounded is the sum up to
 * each move, so that all units are given and no move is off by a whole one. Rounding what is rounded changes nothing.
 * @param policy [moves], not negative, with a positive sum.
 */
export function roundPolicy(
  policyMoves: Int16Array,
  policy: Float32Array,
): Pick<SearchedPosition, 'policyMoves' | 'policy'> {
  const total = policy.reduce((sum, probability) => sum + probability, 0);
  if (!(total > 0 && total < Infinity) || policy.some((probability) => probability < 0))
    throw new Error(`internal: a policy with the sum ${total}`);
  const [moves, rounded] = [new Int16Array(policy.length), new Float32Array(policy.length)];
  let [kept, sum, given] = [0, 0, 0];
  for (let i = 0; i < policy.length; i++) {
    sum += policy[i];
    const upTo = Math.round((sum / total) * POLICY_UNITS);
    if (upTo === given) continue;
    moves[kept] = policyMoves[i];
    rounded[kept++] = (upTo - given) / POLICY_UNITS;
    given = upTo;
  }
  return { policyMoves: moves.slice(0, kept), policy: rounded.slice(0, kept) };
}

function roundPosition(position: SearchedPosition): SearchedPosition {
  return {
    ...position,
    ...roundPolicy(position.policyMoves, position.policy),
    // Sums of float32 may end a little outside of what they are means of.
    valueBlack: Math.fround(Math.min(1, Math.max(-1, position.valueBlack))),
    scoreBlack: Math.fround(position.scoreBlack),
    surprise: Math.fround(Math.max(0, position.surprise)),
  };
}

/** The game as a shard will hold it: self-play ends each game so, and everyone else takes games as they are. */
export function asRecorded(game: SelfPlayGame): SelfPlayGame {
  return { ...game, positions: game.positions.map(roundPosition) };
}
