/** Draws from the distributions that a uniform generator does not give by itself. */
import type { Rng } from './random.ts';

/** A draw from the standard normal distribution (Box and Muller 1958). */
export function gaussian(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.nextFloat())) * Math.cos(2 * Math.PI * rng.nextFloat());
}

/** A draw from the exponential distribution of mean 1. */
export function exponential(rng: Rng): number {
  return -Math.log(1 - rng.nextFloat());
}

/** An index drawn in proportion to `weights`, which are not all 0. */
export function drawIndex(weights: ArrayLike<number>, rng: Rng): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i];
  let left = rng.nextFloat() * sum;
  let last = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue;
    left -= weights[i];
    if (left < 0) return i;
    // Where rounding leaves something over, it falls to the last that can be drawn.
    last = i;
  }
  return last;
}
