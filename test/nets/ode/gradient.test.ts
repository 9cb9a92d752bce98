/** Gradients through solvers against those of exact solutions and of the discrete steps, in float64. */
import { describe, expect, test } from 'vitest';
import { adjoint, backpropagate } from '#nets/ode/gradient.ts';
import { solve, tableauOf } from '#nets/ode/solve.ts';
import type { Solver } from '#nets/ode/solve.ts';
import { stepper, takeStep } from '#nets/ode/tableau.ts';
import type { Step } from '#nets/ode/tableau.ts';
import {
  exponential,
  linear,
  matrixExponential,
  sine,
  sineDerivatives,
  sineSolution,
  vectorAlgebra,
  VectorField,
} from './vectors.ts';
import type { VectorEquation, Vectors } from './vectors.ts';

const METHODS = ['backprop', 'adjoint'] as const;
const fine: Solver = { kind: 'dopri5', rtol: 1e-9, atol: 1e-9 };

/** For L = sum over samples of weights . x(t1). */
function gradients(
  method: (typeof METHODS)[number],
  equation: VectorEquation,
  parameters: number,
  x0: Vectors,
  span: readonly [number, number],
  solver: Solver,
  weights: Vectors,
): { byStart: Vectors; byTheta: number[] } {
  const algebra = vectorAlgebra(x0.length);
  const field = new VectorField(equation, parameters);
  const steps: Step<Vectors>[] = [];
  const { state } = solve(algebra, field.value, x0, span, solver, (step) => void steps.push(step));
  const byStart =
    method === 'adjoint'
      ? adjoint(algebra, field, span, solver, state, weights)
      : backpropagate(algebra, field, tableauOf(solver), steps, weights);
  return { byStart, byTheta: field.gradient };
}

describe.each(METHODS)('by %s', (method) => {
  test("dx/dt = theta x with L = x(T) has dL/dtheta = T x0 e^(theta T), which the lecture's integral from t1 to t0 would make negative", () => {
    const [theta, x0, T] = [0.7, 1.3, 2];
    const { byStart, byTheta } = gradients(method, exponential(theta), 1, [[x0]], [0, T], fine, [[1]]);
    expect(byTheta[0]).toBeGreaterThan(0);
    expect(byTheta[0] / (T * x0 * Math.exp(theta * T))).toBeCloseTo(1, 7);
    expect(byStart[0][0] / Math.exp(theta * T)).toBeCloseTo(1, 7);
  });

  test('a linear equation has dL/dx0 = e^(A^T) w', () => {
    const matrix = [
      [-0.5, 2],
      [-2, -0.1],
    ];
    const { byStart, byTheta } = gradients(method, linear(matrix), 4, [[1, -2]], [0, 1], fine, [[0.3, 1]]);
    const exact = matrixExponential(matrix);
    [0, 1].forEach((j) => expect(byStart[0][j]).toBeCloseTo(0.3 * exact[0][j] + exact[1][j], 5));
    // By A: central differences of the exact solution.
    const loss = (changed: number[][]): number => {
      const [[a, b], [c, d]] = matrixExponential(changed);
      return 0.3 * (a - 2 * b) + (c - 2 * d);
    };
    [0, 1, 2, 3].forEach((at) => {
      const moved = (by: number): number[][] =>
        matrix.map((row, i) => row.map((entry, j) => entry + (2 * i + j === at ? by : 0)));
      expect(byTheta[at]).toBeCloseTo((loss(moved(1e-5)) - loss(moved(-1e-5))) / 2e-5, 5);
    });
  });

  test('the loss may have any scale', () => {
    const at = (scale: number): number =>
      gradients(method, sine(1), 1, [[sineSolution(1)]], [1, 3], fine, [[scale]]).byTheta[0] / scale;
    expect(at(1e-9) / at(1)).toBeCloseTo(1, 9);
  });

  test('what the samples of a batch have is summed up', () => {
    const starts = [[0.5], [2]];
    const together = gradients(method, exponential(0.4), 1, starts, [0, 1], fine, [[1], [-3]]);
    const alone = starts.map((start, b) =>
      gradients(method, exponential(0.4), 1, [start], [0, 1], fine, [[[1], [-3]][b]]),
    );
    expect(together.byTheta[0]).toBeCloseTo(alone[0].byTheta[0] + alone[1].byTheta[0], 12);
    together.byStart.forEach((gradient, b) => expect(gradient).toEqual(alone[b].byStart[0]));
  });
});

// torchdiffeq's bars.
test.each([
  {
    name: 'linear',
    equation: exponential(-0.8),
    x0: 1.5,
    span: [0, 2],
    exact: { byStart: Math.exp(-0.8 * 2), byTheta: 2 * 1.5 * Math.exp(-0.8 * 2) },
    bar: 1e-5,
  },
  {
    name: 'sine',
    equation: sine(1),
    x0: sineSolution(1),
    span: [1, 8],
    exact: sineDerivatives(1, 8),
    bar: 5e-3,
  },
] as const)(
  'on the $name equation both ways give the gradients of the exact solution, and agree',
  ({ equation, x0, span, exact, bar }) => {
    const [a, b] = METHODS.map((method) => {
      const { byStart, byTheta } = gradients(method, equation, 1, [[x0]], span, fine, [[1]]);
      return { byStart: byStart[0][0], byTheta: byTheta[0] };
    });
    for (const [got, expected] of [
      [a, exact],
      [b, exact],
      [a, b],
    ]) {
      expect(Math.abs(got.byStart - expected.byStart)).toBeLessThan(bar);
      expect(Math.abs(got.byTheta - expected.byTheta)).toBeLessThan(bar);
    }
  },
);

test.each([
  { kind: 'euler', steps: 7 },
  { kind: 'rk4', steps: 3 },
] as const)(
  'backpropagation gives the gradient of the steps of $kind themselves, however coarse',
  (solver) => {
    const loss = (theta: number, x0: number): number => {
      const { value } = new VectorField(sine(theta), 0);
      return solve(vectorAlgebra(1), value, [[x0]], [1, 2], solver).state[0][0];
    };
    const { byStart, byTheta } = gradients('backprop', sine(0.9), 1, [[3]], [1, 2], solver, [[1]]);
    const h = 1e-5;
    expect(byTheta[0]).toBeCloseTo((loss(0.9 + h, 3) - loss(0.9 - h, 3)) / (2 * h), 6);
    expect(byStart[0][0]).toBeCloseTo((loss(0.9, 3 + h) - loss(0.9, 3 - h)) / (2 * h), 6);
  },
);

test('backpropagation through adaptive steps gives the gradient of these steps, their sizes held', () => {
  const solver: Solver = { kind: 'dopri5', rtol: 0.05, atol: 0.05 };
  const algebra = vectorAlgebra(1);
  const taken: Step<Vectors>[] = [];
  solve(algebra, new VectorField(sine(0.9), 0).value, [[3]], [1, 4], solver, (step) => void taken.push(step));
  expect(taken.length).toBeGreaterThan(1);
  const loss = (theta: number, x0: number): number => {
    const { value } = new VectorField(sine(theta), 0);
    return taken.reduce<Vectors>(
      (x, when) => takeStep(stepper(algebra, value, when), tableauOf(solver), x).end,
      [[x0]],
    )[0][0];
  };
  const { byStart, byTheta } = gradients('backprop', sine(0.9), 1, [[3]], [1, 4], solver, [[1]]);
  const h = 1e-5;
  expect(byTheta[0] / ((loss(0.9 + h, 3) - loss(0.9 - h, 3)) / (2 * h))).toBeCloseTo(1, 7);
  expect(byStart[0][0] / ((loss(0.9, 3 + h) - loss(0.9, 3 - h)) / (2 * h))).toBeCloseTo(1, 7);
});
