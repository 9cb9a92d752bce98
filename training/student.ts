/** Means of few numbers with the uncertainty of so few, by Student's t. */
import { mean, sampleStandardDeviation } from 'simple-statistics';

/**
 * P(|T| < t) of Student's t with `freedom` degrees of freedom, by its finite sum over even or odd powers of a cosine
 * (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4).
 */
export function studentWithin(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = freedom === 1 ? 0 : term;
  for (let power = isOdd ? 3 : 2; power < freedom; power += 2) {
    term *= (cosine * cosine * (power - 1)) / power;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
}

/** The t that a share `within` of Student's distribution lies within, by bisection. */
export function studentBound(within: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (studentWithin(high, freedom) < within) high *= 2;
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2;
    if (studentWithin(middle, freedom) < within) low = middle;
    else high = middle;
  }
  return high;
}

export type Estimate = {
  readonly values: readonly number[];
  readonly mean: number;
  /** Half of the 95% interval of the mean; null for a single value, of which nothing is known. */
  readonly halfWidth: number | null;
};

/** @param values one or more. */
export function estimate(values: readonly number[]): Estimate {
  const count = values.length;
  const halfWidth =
    count < 2
      ? null
      : (studentBound(0.95, count - 1) * sampleStandardDeviation([...values])) / Math.sqrt(count);
  return { values, mean: mean([...values]), halfWidth };
}
