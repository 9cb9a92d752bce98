/** One position with all that is to be learned of it, and many of them laid out as the tensors of a step. */
import * as tf from '@tensorflow/tfjs-core';
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { SCORE_SCALE } from '#nets/architectures/net.ts';
import type { Batch } from '#nets/batch.ts';
import { bufferOf, bufferPoints } from '#nets/features/layout.ts';
import type { PackedPositions } from './packed-positions.ts';

/** Targets that are null are not known, and the loss ignores them. */
export type Example = {
  readonly positions: PackedPositions;
  /** Of the position among them. */
  readonly index: number;
  /** What the board is turned by. */
  readonly symmetry: number;
  readonly toPlay: Color;
  /** Moves and their probabilities, which sum to 1. */
  readonly policyMoves: ArrayLike<number>;
  readonly policy: ArrayLike<number>;
  /** The move that the opponent answered with. */
  readonly reply: number | null;
  /** In [-1, 1]. */
  readonly valueBlack: number | null;
  /** In points, komi included. */
  readonly scoreBlack: number | null;
  /** [width * height]: each point's owner, `owned` Black's, -`owned` White's. */
  readonly ownershipBlack: Int8Array | null;
  readonly owned: number;
};

/**
 * Tensors of a batch, padded to its largest board; the caller disposes with `disposeBatch`.
 * @param examples one or more, of the same features.
 */
export function makeBatch(examples: readonly Example[]): Batch {
  const { features } = examples[0].positions;
  const turned = examples.map(({ positions: { width, height }, symmetry }) => ({ width, height, symmetry }));
  const { width, height } = bufferOf(turned);
  const [count, area, depth] = [examples.length, width * height, features.planes];
  const planes = new Float32Array(count * area * depth);
  const globals = new Float32Array(count * features.globals);
  const [policy, reply] = [1, 2].map(() => new Float32Array(count * (area + 1)));
  const [ownership, mask] = [1, 2].map(() => new Float32Array(count * area));
  const [value, valueKnown, score, scoreKnown, ownershipKnown] = Array.from(
    { length: 5 },
    () => new Float32Array(count),
  );
  let isFull = true;
  examples.forEach((example, i) => {
    const { positions, index, ownershipBlack } = example;
    const own = positions.width * positions.height;
    if (own !== area) isFull = false;
    const points = bufferPoints(turned[i], width);
    const sign = signFor(example.toPlay);
    for (let p = 0; p < own; p++) {
      const at = i * area + points[p];
      mask[at] = 1;
      for (let bits = positions.planes[index * own + p]; bits !== 0; bits &= bits - 1)
        planes[at * depth + 31 - Math.clz32(bits & -bits)] = 1;
    }
    const globalsAt = index * features.globals;
    globals.set(positions.globals.subarray(globalsAt, globalsAt + features.globals), i * features.globals);
    const logit = (move: number): number => i * (area + 1) + (move === own ? area : points[move]);
    for (let k = 0; k < example.policyMoves.length; k++)
      policy[logit(example.policyMoves[k])] = example.policy[k];
    if (example.reply !== null) reply[logit(example.reply)] = 1;
    if (example.valueBlack !== null) [value[i], valueKnown[i]] = [sign * example.valueBlack, 1];
    if (example.scoreBlack !== null)
      [score[i], scoreKnown[i]] = [(sign * example.scoreBlack) / SCORE_SCALE, 1];
    if (ownershipBlack !== null) {
      ownershipKnown[i] = 1;
      for (let p = 0; p < own; p++)
        ownership[i * area + points[p]] = (sign * ownershipBlack[p]) / example.owned;
    }
  });
  const asColumn = (values: Float32Array): tf.Tensor2D => tf.tensor2d(values, [count, 1]);
  return {
    fullBoards: isFull,
    planes: tf.tensor4d(planes, [count, height, width, depth]),
    globals: tf.tensor2d(globals, [count, features.globals]),
    targets: {
      policy: tf.tensor2d(policy, [count, area + 1]),
      reply: tf.tensor2d(reply, [count, area + 1]),
      value: asColumn(value),
      valueKnown: asColumn(valueKnown),
      score: asColumn(score),
      scoreKnown: asColumn(scoreKnown),
      ownership: tf.tensor2d(ownership, [count, area]),
      ownershipKnown: asColumn(ownershipKnown),
      mask: tf.tensor2d(mask, [count, area]),
    },
  };
}
