/** The gradient of a loss on x(t1) by x(t0) and by the parameters of dx/dt = f(x, t, theta), in two ways. */
import { pairs } from './algebra.ts';
import type { Algebra, PerSample } from './algebra.ts';
import { solve, tableauOf } from './solve.ts';
import type { Solver, Span } from './solve.ts';
import { termsOf, within } from './tableau.ts';
import type { Slope, Step, Tableau } from './tableau.ts';

/** f and its products with vectors a, one of each sample. */
export interface Field<S> {
  readonly value: Slope<S>;
  /** f and a^T df/dx. */
  pull(x: S, t: PerSample, a: S): { readonly value: S; readonly state: S };
  /** a^T df/dx; what the samples' a^T df/dtheta sum up to is added to the gradient that the field keeps. */
  pullAll(x: S, t: PerSample, a: S): S;
}

/**
 * Discretise, then differentiate: back through the steps that the solver took, whose sizes count as constants. The
 * gradient of what was computed, whatever its error; the memory grows with the number of steps.
 * @param steps in the order they were taken; their states are disposed. @param gradient dL/dx(t1), taken over.
 * @returns dL/dx(t0); dL/dtheta is with the field.
 */
export function backpropagate<S>(
  algebra: Algebra<S>,
  field: Field<S>,
  tableau: Tableau,
  steps: readonly Step<S>[],
  gradient: S,
): S {
  return steps.reduceRight((after, step) => {
    const { before } = algebra.scope(() => ({ before: backThrough(algebra, field, tableau, step, after) }));
    algebra.dispose(after);
    step.states.forEach((state) => algebra.dispose(state));
    return before;
  }, gradient);
}

/** With bars for gradients: kBar_i = h (b_i yBar + sum_l a_li xBar_l), xBar_i = kBar_i^T df/dx, xBar = yBar + sum xBar_i. */
function backThrough<S>(algebra: Algebra<S>, field: Field<S>, tableau: Tableau, step: Step<S>, yBar: S): S {
  const { a, b, c } = tableau;
  const ones = step.sizes.map(() => 1);
  /** Of the rows after i. */
  const xBars: S[] = [];
  for (let i = b.length - 1; i >= 0; i--) {
    const weights = [b[i], ...a.slice(i + 1).map((row) => row[i])];
    const kBar = algebra.advance(null, step.sizes, termsOf(weights, [yBar, ...xBars]));
    xBars.unshift(field.pullAll(step.states[i], within(step, c[i]), kBar));
  }
  return algebra.advance(
    yBar,
    ones,
    xBars.map((xBar) => [1, xBar] as const),
  );
}

/**
 * Chen et al. 2018, Algorithm 1: with a = dL/dx, da/dt = -a^T df/dx is solved from t1 back to t0 together with x, and
 * dL/dtheta = the integral of a^T df/dtheta over t from t0 to t1. The memory does not grow with the number of steps; the
 * gradient is that of the solution, not of what the solver made of it, within an error like the solver's.
 *
 * No step's size depends on the integral (Kidger et al. 2021): it is summed up over the steps that were taken. The
 * equation is linear in a, and solved for an a(t1) of size 1, so that the scale of the loss changes nothing.
 * @param end x(t1), and @param gradient dL/dx(t1), are taken over. @returns dL/dx(t0); dL/dtheta is with the field.
 */
export function adjoint<S>(
  algebra: Algebra<S>,
  field: Field<S>,
  [t0, t1]: Span,
  solver: Solver,
  end: S,
  gradient: S,
): S {
  const both = pairs(algebra);
  const { b, c } = tableauOf(solver);
  const scale = algebra.norm(gradient, gradient, gradient, { rtol: 0, atol: 1 }).map((size) => size || 1);
  const times = (x: S, factors: PerSample): S => algebra.advance(null, factors, [[1, x]]);
  const minus = scale.map(() => -1);
  const slope: Slope<readonly [S, S]> = ([x, a], t) =>
    algebra.scope(() => {
      const { value, state } = field.pull(x, t, a);
      return [value, times(state, minus)] as const;
    });
  const gather = (step: Step<readonly [S, S]>): void => {
    // Time runs backwards, and the integral forwards.
    const weights = step.sizes.map((size, sample) => -size * scale[sample]);
    step.states.forEach(([x, a], i) => {
      if (b[i] === 0) return;
      const share = algebra.advance(null, weights, [[b[i], a]]);
      algebra.dispose(field.pullAll(x, within(step, c[i]), share));
      algebra.dispose(share);
    });
    step.states.forEach((state) => both.dispose(state));
  };
  const unit = times(
    gradient,
    scale.map((size) => 1 / size),
  );
  algebra.dispose(gradient);
  const { state } = solve(both, slope, [end, unit], [t1, t0], solver, gather);
  const start = times(state[1], scale);
  both.dispose(state);
  return start;
}
