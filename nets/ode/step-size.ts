/** How long the steps of Dormand and Prince's method should be, of each sample by itself. */
import type { Algebra, PerSample, Tolerance } from './algebra.ts';
import type { Slope } from './tableau.ts';

/** Of the size that would just meet the tolerance (Hairer, Nørsett and Wanner 1993, II.4). */
export const SAFETY = 0.9;
/** A step is at least and at most this many times as long as the one before. Their DOPRI5. */
export const SHRINK = 0.2;
export const GROW = 10;

/** By what the next step is longer after an error of `error` tolerances (Hairer, Nørsett and Wanner 1993, II.4.13). */
export function growth(error: number): number {
  // An error that is no number is as bad as can be.
  if (Number.isNaN(error)) return SHRINK;
  return Math.min(GROW, Math.max(SHRINK, SAFETY * error ** (-1 / 5)));
}

/** Sizes of states and slopes below which the first step is guessed. */
export const TINY = 1e-5;
export const GUESS = 1e-6;
/** Slopes that change less than this in the first step hardly change at all. */
export const STEADY = 1e-15;

/**
 * The first step by what the slope is and how it changes (Hairer, Nørsett and Wanner 1993, II.4, "Starting Step Size").
 * @param slope f(x, times).
 */
export function firstSizes<S>(
  algebra: Algebra<S>,
  f: Slope<S>,
  x: S,
  slope: S,
  times: PerSample,
  t1: number,
  tolerance: Tolerance,
): PerSample {
  const directions = times.map((time) => Math.sign(t1 - time));
  const sizeOf = (y: S): PerSample => algebra.norm(y, x, x, tolerance);
  const [states, slopes] = [sizeOf(x), sizeOf(slope)];
  const guesses = states.map((size, b) =>
    Math.min(size < TINY || slopes[b] < TINY ? GUESS : (0.01 * size) / slopes[b], Math.abs(t1 - times[b])),
  );
  const { changes } = algebra.scope(() => {
    const steps = guesses.map((guess, b) => guess * directions[b]);
    const moved = f(
      algebra.advance(x, steps, [[1, slope]]),
      times.map((time, b) => time + steps[b]),
    );
    const ones = guesses.map(() => 1);
    return {
      changes: sizeOf(
        algebra.advance(null, ones, [
          [1, moved],
          [-1, slope],
        ]),
      ),
    };
  });
  return guesses.map((guess, b) => {
    const bend = Math.max(slopes[b], changes[b] / guess);
    const size = bend <= STEADY ? Math.max(GUESS, guess * 1e-3) : (0.01 / bend) ** (1 / 5);
    return directions[b] * Math.min(100 * guess, size, Math.abs(t1 - times[b]));
  });
}
