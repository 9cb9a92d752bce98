/** Solvers against equations whose solutions are known, in float64. */
import { describe, expect, test } from 'vitest';
import type { Solver } from '#nets/ode/solve.ts';
import { solve, solveInSteps } from '#nets/ode/solve.ts';
import { DORMAND_PRINCE, DORMAND_PRINCE_ERROR, EULER, RK4 } from '#nets/ode/tableau.ts';
import type { Tableau } from '#nets/ode/tableau.ts';
import {
  exponential,
  linear,
  matrixExponential,
  sine,
  sineSolution,
  vectorAlgebra,
  VectorField,
} from './vectors.ts';
import type { VectorEquation, Vectors } from './vectors.ts';

const fine: Solver = { kind: 'dopri5', rtol: 1e-9, atol: 1e-9 };

function run(
  equation: VectorEquation,
  x0: Vectors,
  span: readonly [number, number],
  solver: Solver,
): { state: Vectors; evaluations: readonly number[] } {
  const field = new VectorField(equation, 0);
  const { state, evaluations } = solve(vectorAlgebra(x0.length), field.value, x0, span, solver);
  return { state, evaluations: [...evaluations] };
}

describe.each([
  ['Euler', EULER, 1],
  ['RK4', RK4, 4],
  ['Dormand-Prince', DORMAND_PRINCE, 5],
] as const)('%s', (_, tableau: Tableau, order) => {
  test(`meets the conditions that order ${order} sets its coefficients`, () => {
    const { a, b, c } = tableau;
    a.forEach((row, i) => expect(row.reduce((sum, entry) => sum + entry, 0)).toBeCloseTo(c[i], 14));
    for (let power = 0; power < order; power++)
      expect(b.reduce((sum, weight, i) => sum + weight * c[i] ** power, 0)).toBeCloseTo(1 / (power + 1), 14);
  });

  test(`with half the step has its error divided by 2^${order}`, () => {
    const error = (steps: number): number => {
      const { value } = new VectorField(sine(1), 0);
      const { state } = solveInSteps(
        vectorAlgebra(1),
        value,
        [[sineSolution(1)]],
        [1, 2],
        tableau,
        steps,
        () => undefined,
      );
      return Math.abs(state[0][0] - sineSolution(2));
    };
    expect(Math.log2(error(32) / error(64))).toBeCloseTo(order, 0.5);
  });
});

test('the error that Dormand-Prince estimates is that of a method of order 4', () => {
  const c = [...DORMAND_PRINCE.c, 1];
  for (let power = 0; power < 4; power++)
    expect(DORMAND_PRINCE_ERROR.reduce((sum, weight, i) => sum + weight * c[i] ** power, 0)).toBeCloseTo(
      0,
      14,
    );
  expect(
    Math.abs(DORMAND_PRINCE_ERROR.reduce((sum, weight, i) => sum + weight * c[i] ** 4, 0)),
  ).toBeGreaterThan(1e-4);
});

describe('at a tolerance of 1e-9', () => {
  test('a linear equation is solved by the matrix exponential', () => {
    const matrix = [
      [-0.5, 2, 0.3],
      [-2, -0.1, 0],
      [0.4, -0.7, 0.2],
    ];
    const x0 = [1, -2, 0.5];
    const { state } = run(linear(matrix), [x0], [0, 1], fine);
    matrixExponential(matrix).forEach((row, i) =>
      expect(Math.abs(state[0][i] - row.reduce((sum, entry, j) => sum + entry * x0[j], 0))).toBeLessThan(
        1e-7,
      ),
    );
  });

  test('so is one whose slope depends on the time, forwards and backwards', () => {
    const there = run(sine(1), [[sineSolution(1)]], [1, 8], fine);
    expect(there.state[0][0] / sineSolution(8)).toBeCloseTo(1, 7);
    const back = run(sine(1), [[sineSolution(8)]], [8, 1], fine);
    expect(back.state[0][0]).toBeCloseTo(sineSolution(1), 5);
  });
});

test('a looser tolerance needs fewer evaluations, and its error grows with it', () => {
  let before = { evaluations: Infinity, error: 0 };
  for (const tolerance of [1e-9, 1e-6, 1e-3]) {
    const solver: Solver = { kind: 'dopri5', rtol: tolerance, atol: tolerance };
    const { state, evaluations } = run(sine(1), [[sineSolution(1)]], [1, 8], solver);
    const error = Math.abs(state[0][0] / sineSolution(8) - 1);
    expect(evaluations[0]).toBeLessThan(before.evaluations);
    expect(error).toBeGreaterThan(before.error);
    expect(error).toBeLessThan(10 * tolerance);
    before = { evaluations: evaluations[0], error };
  }
});

test('each sample is solved as if it were alone, whatever shares its batch', () => {
  const starts = [0.001, 1, -300].map((x) => [x, 2 * x]);
  const matrix = [
    [0, 5],
    [-5, -1],
  ];
  const pendulum: VectorEquation = {
    ...linear(matrix),
    f: ([angle, speed]) => [speed, -9 * Math.sin(angle)],
  };
  const solver: Solver = { kind: 'dopri5', rtol: 1e-6, atol: 1e-6 };
  const together = run(pendulum, starts, [0, 2], solver);
  starts.forEach((start, b) => {
    const alone = run(pendulum, [start], [0, 2], solver);
    expect(together.state[b]).toEqual(alone.state[0]);
    expect(together.evaluations[b]).toBe(alone.evaluations[0]);
  });
  expect(new Set(together.evaluations).size).toBe(3);
});

test('every evaluation is counted', () => {
  let calls = 0;
  const { f } = exponential(1);
  const count = (x: Vectors, t: Float64Array): Vectors => {
    calls++;
    return [f(x[0], t[0])];
  };
  for (const solver of [{ kind: 'rk4', steps: 5 }, fine] as const) {
    calls = 0;
    const { evaluations } = solve(vectorAlgebra(1), count, [[1]], [0, 1], solver);
    expect(evaluations[0]).toBe(calls);
  }
});

test('what cannot be solved is refused with one sentence that names the sample and the time', () => {
  const blowUp: VectorEquation = { ...exponential(1), f: ([x]) => [x * x] };
  expect(() => run(blowUp, [[0], [1]], [0, 2], fine)).toThrow(/sample 1 .* t = 0\.999\d*, .*rounding/);
  const rough: VectorEquation = { ...exponential(1), f: (_, t) => [Math.sin(1e6 * t)] };
  expect(() => run(rough, [[0]], [0, 2], fine)).toThrow(/sample 0 is at t = .* after 1000 steps/);
  const broken: VectorEquation = { ...exponential(1), f: () => [NaN] };
  expect(() => run(broken, [[0]], [0, 2], fine)).toThrow(/not finite/);
});
