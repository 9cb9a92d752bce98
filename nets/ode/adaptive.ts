/** Dormand and Prince's method, which keeps the error of each step of each sample within a tolerance. */
import type { Algebra, PerSample, Tolerance } from './algebra.ts';
import { SolverFailure } from './failure.ts';
import { firstSizes, growth } from './step-size.ts';
import { DORMAND_PRINCE, DORMAND_PRINCE_ERROR, stepper, takeStep, termsOf } from './tableau.ts';
import type { Slope, Step } from './tableau.ts';

/** Steps that a sample may try, taken or not. Our choice. */
export const MAX_STEPS = 1000;

/** A step that ends within this share of itself before the end of the span goes there, so that no tiny one is left. DOPRI5's. */
export const REACH = 0.01;

/** Evaluations before the first step: at the start, and for the step's size. */
export const UP_FRONT = 2;

/** Steps below this share of the span are lost in the rounding of the times. */
const SHORTEST = 16 * Number.EPSILON;

/** See `solve`. */
export function solveAdaptively<S>(
  algebra: Algebra<S>,
  f: Slope<S>,
  x0: S,
  [t0, t1]: readonly [number, number],
  tolerance: Tolerance,
  onStep: (step: Step<S>) => void,
): { state: S; evaluations: PerSample } {
  const times = new Float64Array(algebra.samples).fill(t0);
  let state = x0;
  let slope = f(x0, times);
  const next = firstSizes(algebra, f, state, slope, times, t1, tolerance);
  const evaluations = times.map(() => UP_FRONT);
  for (let tries = 1; times.some((time) => time !== t1); tries++) {
    const left = times.map((time) => t1 - time);
    const isLast = Array.from(left, (rest, b) => Math.abs(rest) <= (1 + REACH) * Math.abs(next[b]));
    const when = { times: times.slice(), sizes: left.map((rest, b) => (isLast[b] ? rest : next[b])) };
    checkProgress(when, left, tries, SHORTEST * Math.abs(t1 - t0));
    const tried = algebra.scope(() => tryStep(algebra, f, { state, slope }, when, left, tolerance));
    const { taken, errors, states } = tried;
    if (states.length > 0) {
      algebra.dispose(slope);
      onStep({ times: when.times, sizes: when.sizes.map((size, b) => (taken[b] ? size : 0)), states });
    }
    ({ state, slope } = tried);
    for (let b = 0; b < algebra.samples; b++) {
      if (left[b] === 0) continue;
      evaluations[b] += DORMAND_PRINCE.b.length;
      next[b] = when.sizes[b] * growth(errors[b]);
      if (taken[b]) times[b] = isLast[b] ? t1 : times[b] + when.sizes[b];
    }
  }
  algebra.dispose(slope);
  return { state, evaluations };
}

type Tried<S> = {
  readonly state: S;
  readonly slope: S;
  readonly errors: PerSample;
  readonly taken: readonly boolean[];
  /** None where no sample took the step. */
  readonly states: readonly S[];
};

/** Where a step leads those samples whose error it keeps within the tolerance; the others stay. */
function tryStep<S>(
  algebra: Algebra<S>,
  f: Slope<S>,
  { state, slope }: { state: S; slope: S },
  when: Pick<Step<S>, 'times' | 'sizes'>,
  left: PerSample,
  tolerance: Tolerance,
): Tried<S> {
  const by = stepper(algebra, f, when);
  const { states, slopes, end } = takeStep(by, DORMAND_PRINCE, state, slope);
  const endSlope = by.slope(end, 1);
  const terms = termsOf(DORMAND_PRINCE_ERROR, [...slopes, endSlope]);
  const errors = algebra.norm(algebra.advance(null, when.sizes, terms), state, end, tolerance);
  const taken = Array.from(left, (rest, b) => rest !== 0 && errors[b] <= 1);
  if (!taken.includes(true)) return { state, slope, errors, taken, states: [] };
  // Samples at the end of the span took a step of size 0.
  const all = taken.every((took, b) => took || left[b] === 0);
  return {
    state: all ? end : algebra.select(taken, end, state),
    slope: all ? endSlope : algebra.select(taken, endSlope, slope),
    errors,
    taken,
    states,
  };
}

/** @throws SolverFailure where a sample that has some way `left` cannot go on. */
function checkProgress(
  { times, sizes }: Pick<Step<unknown>, 'times' | 'sizes'>,
  left: PerSample,
  tries: number,
  shortest: number,
): void {
  const at = left.findIndex((rest, b) => rest !== 0 && !(Math.abs(sizes[b]) > shortest));
  if (at >= 0)
    throw new SolverFailure(
      `the differential equation of sample ${at} needs a step of ${sizes[at]} at t = ${times[at]}, which is lost in rounding: its dynamics are not finite, or too rough for the tolerance`,
    );
  if (tries <= MAX_STEPS) return;
  const late = left.findIndex((rest) => rest !== 0);
  throw new SolverFailure(
    `the differential equation of sample ${late} is at t = ${times[late]} after ${MAX_STEPS} steps: its dynamics are too rough for the tolerance`,
  );
}
