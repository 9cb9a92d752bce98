/** Draws in which what surprises comes up more often. */
import type { Rng } from '#engine/go/random.ts';
import { lastAtMost } from './bisect.ts';

/** Of n positions, in nats. */
export type Surprise = {
  /** float64 [n]: the sum of the surprises before each. */
  readonly before: Float64Array;
  readonly total: number;
};

/** @param surprises of each position; less than nothing, which rounding leaves, is nothing. */
export function surpriseOf(surprises: Iterable<number>): Surprise {
  const before: number[] = [];
  let total = 0;
  for (const surprise of surprises) {
    before.push(total);
    total += Math.max(0, surprise);
  }
  return { before: Float64Array.from(before), total };
}

/**
 * One of n positions: p_i = 1/2 1/n + 1/2 s_i / sum_j s_j, as in KataGo's policy surprise weighting, where nothing makes up
 * for it in the loss either (KataGo, docs/KataGoMethods.md). Even where nothing surprises.
 * @param drawnEvenly one of them.
 */
export function drawSurprising(drawnEvenly: number, { before, total }: Surprise, rng: Rng): number {
  const isEven = rng.nextFloat() < 0.5;
  const at = rng.nextFloat() * total;
  return isEven || total === 0 ? drawnEvenly : lastAtMost(before, at);
}
