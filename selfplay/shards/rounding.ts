/** Rounds what a search found to the numbers that a shard can hold. */
import type { SearchedPosition, SelfPlayGame } from './self-play-game.ts';

/** Probabilities are stored in units of this; a policy has 2^16 of them to share out, so float32 holds each exactly. */
export const POLICY_UNIT = 2 ** -16;
export const POLICY_UNITS = 2 ** 16;

/**
 * Shares out 2^16 units as the probabilities do, by largest remainder; moves that get none are left out.
 * Rounding what is rounded changes nothing.
 * @param policy [moves], not negative, with a positive sum.
 */
export function roundPolicy(
  policyMoves: Int16Array,
  policy: Float32Array,
): Pick<SearchedPosition, 'policyMoves' | 'policy'> {
  const sum = policy.reduce((total, probability) => total + probability, 0);
  if (!(sum > 0 && sum < Infinity) || policy.some((probability) => probability < 0))
    throw new Error(`internal: a policy with the sum ${sum}`);
  const exact = Array.from(policy, (probability) => (probability / sum) * POLICY_UNITS);
  const units = exact.map(Math.floor);
  const left = POLICY_UNITS - units.reduce((total, count) => total + count, 0);
  const byRemainder = [...units.keys()].toSorted((a, b) => exact[b] - units[b] - (exact[a] - units[a]));
  for (const i of byRemainder.slice(0, left)) units[i]++;
  const kept = [...units.keys()].filter((i) => units[i] > 0);
  return {
    policyMoves: Int16Array.from(kept, (i) => policyMoves[i]),
    policy: Float32Array.from(kept, (i) => units[i] * POLICY_UNIT),
  };
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
