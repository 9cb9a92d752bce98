/** Explicit Runge-Kutta methods by their coefficients, and a step of any of them. */
import type { Algebra, PerSample, Term } from './algebra.ts';

/** k_i = f(x + h sum_j a_ij k_j, t + c_i h), y = x + h sum_i b_i k_i (Hairer, Nørsett and Wanner 1993, II.1.8). */
export type Tableau = {
  readonly a: readonly (readonly number[])[];
  readonly b: readonly number[];
  readonly c: readonly number[];
};

/** Order 1. */
export const EULER: Tableau = { a: [[]], b: [1], c: [0] };

/** The classical method of order 4. */
export const RK4: Tableau = {
  a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
  c: [0, 1 / 2, 1 / 2, 1],
};

/** Dormand and Prince 1980, RK5(4)7M: the result, of order 5. */
export const DORMAND_PRINCE: Tableau = {
  a: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  ],
  b: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
  c: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1],
};

/** What the result differs by from one of order 4, in its slopes and, last, the slope at its end. */
export const DORMAND_PRINCE_ERROR = [
  71 / 57600,
  0,
  -71 / 16695,
  71 / 1920,
  -17253 / 339200,
  22 / 525,
  -1 / 40,
] as const;

/** dx/dt of each sample, at a time of its own. */
export type Slope<S> = (x: S, t: PerSample) => S;

/** A step as far as it was taken. */
export type Step<S> = {
  /** When it began. */
  readonly times: PerSample;
  /** How far each sample went, 0 where it did not. */
  readonly sizes: PerSample;
  /** Where the slopes were taken, a state for each row of the tableau; the first is where the step began. */
  readonly states: readonly S[];
};

/** The times at a share of a step. */
export function within({ times, sizes }: Pick<Step<unknown>, 'times' | 'sizes'>, share: number): PerSample {
  return times.map((time, b) => time + share * sizes[b]);
}

/** What a step is taken with: slopes at a share of the step after its begin, and x + (the step) (sum of weight * slope). */
export type Stepper<S> = {
  readonly slope: (x: S, share: number) => S;
  readonly advance: (x: S, terms: readonly Term<S>[]) => S;
};

/** That of samples at times of their own. */
export function stepper<S>(
  algebra: Algebra<S>,
  f: Slope<S>,
  when: Pick<Step<S>, 'times' | 'sizes'>,
): Stepper<S> {
  return {
    slope: (x, share) => f(x, within(when, share)),
    advance: (x, terms) => algebra.advance(x, when.sizes, terms),
  };
}

/** What a sum of weighted slopes is made of; what has no weight is left out. */
export function termsOf<S>(weights: readonly number[], slopes: readonly S[]): Term<S>[] {
  return slopes.map((slope, j) => [weights[j], slope] as const).filter(([weight]) => weight !== 0);
}

/**
 * One step from x, which becomes the first of `states`; a state and a slope for each row of the tableau.
 * @param first the slope at x, where it is known.
 */
export function takeStep<S>(
  { slope, advance }: Stepper<S>,
  { a, b, c }: Tableau,
  x: S,
  first: S = slope(x, 0),
): { states: S[]; slopes: S[]; end: S } {
  const [states, slopes] = [[x], [first]];
  const by = (weights: readonly number[]): S => advance(x, termsOf(weights, slopes));
  for (let i = 1; i < b.length; i++) {
    states.push(by(a[i]));
    slopes.push(slope(states[i], c[i]));
  }
  return { states, slopes, end: by(b) };
}
