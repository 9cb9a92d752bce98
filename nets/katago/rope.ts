/** How fast the pairs of channels of queries and keys turn from point to point of the board. */
import type { BlockOf } from './spec.ts';

/**
 * Frequencies [kvHeads, queryDim / 2, 2] in radians a column and a row: a pair's angle at (x, y) is x f[0] + y f[1].
 * Fixed ones as in KataGo: the first half of the pairs turns with the row, the second with the column, pair p of a half
 * by theta^(-2p / (queryDim / 2)) (Su et al. 2021, section 3.2.2, once for each axis).
 */
export function ropeFrequencies(
  { rope, kvHeads, queryDim }: BlockOf<'attention'>,
  weight: (part: 'frequencies') => Float32Array,
): Float32Array {
  if (rope.kind === 'learned') return weight('frequencies');
  const pairs = queryDim / 2;
  const frequencies = new Float32Array(kvHeads * pairs * 2);
  if (rope.kind === 'none') return frequencies;
  for (let head = 0; head < kvHeads; head++)
    for (let pair = 0; pair < pairs; pair++) {
      const axis = pair < pairs / 2 ? 1 : 0;
      const p = pair % (pairs / 2);
      frequencies[(head * pairs + pair) * 2 + axis] = rope.theta ** ((-2 * p) / pairs);
    }
  return frequencies;
}
