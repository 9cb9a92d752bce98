/** Solves x(t0) = x0, dx/dt = f(x, t) for x(t1). */
import { UP_FRONT, solveAdaptively } from './adaptive.ts';
import type { Algebra, PerSample, Tolerance } from './algebra.ts';
import { DORMAND_PRINCE, EULER, RK4, stepper, takeStep } from './tableau.ts';
import type { Slope, Step, Tableau } from './tableau.ts';

export type Solver =
  { readonly kind: 'euler' | 'rk4'; readonly steps: number } | ({ readonly kind: 'dopri5' } & Tolerance);

export type Span = readonly [t0: number, t1: number];

export type Solution<S> = {
  readonly state: S;
  /** How often f was evaluated for each sample. */
  readonly evaluations: PerSample;
};

export function tableauOf({ kind }: Solver): Tableau {
  return { euler: EULER, rk4: RK4, dopri5: DORMAND_PRINCE }[kind];
}

/** Steps from t0 to t1; the fewest there may be where their sizes adapt. */
export const leastSteps = (solver: Solver): number => (solver.kind === 'dopri5' ? 1 : solver.steps);

/** How often f is at least evaluated for each sample. */
export function leastEvaluations(solver: Solver): number {
  const inSteps = leastSteps(solver) * tableauOf(solver).b.length;
  return solver.kind === 'dopri5' ? UP_FRONT + inSteps : inSteps;
}

/**
 * x(t1) of each sample, whatever shares its batch; t1 may lie before t0.
 * @param x0 taken over. @param onStep is given each step that some sample took, and takes over its states.
 * @throws SolverFailure where steps must become too short or too many.
 */
export function solve<S>(
  algebra: Algebra<S>,
  f: Slope<S>,
  x0: S,
  span: Span,
  solver: Solver,
  onStep: (step: Step<S>) => void = ({ states }) => states.forEach((state) => algebra.dispose(state)),
): Solution<S> {
  return solver.kind === 'dopri5'
    ? solveAdaptively(algebra, f, x0, span, solver, onStep)
    : solveInSteps(algebra, f, x0, span, tableauOf(solver), solver.steps, onStep);
}

/** Steps of equal size. */
export function solveInSteps<S>(
  algebra: Algebra<S>,
  f: Slope<S>,
  x0: S,
  [t0, t1]: Span,
  tableau: Tableau,
  steps: number,
  onStep: (step: Step<S>) => void,
): Solution<S> {
  const all = (value: number): PerSample => new Float64Array(algebra.samples).fill(value);
  const sizes = all((t1 - t0) / steps);
  let state = x0;
  for (let n = 0; n < steps; n++) {
    const when = { times: all(t0 + ((t1 - t0) * n) / steps), sizes };
    const { states, end } = algebra.scope(() => {
      const taken = takeStep(stepper(algebra, f, when), tableau, state);
      return { states: taken.states, end: taken.end };
    });
    onStep({ ...when, states });
    state = end;
  }
  return { state, evaluations: all(steps * tableau.b.length) };
}
