/** Differential equations of float64 vectors, whose gradients are known exactly. */
import type { Algebra, PerSample } from '#nets/ode/algebra.ts';
import type { Field } from '#nets/ode/gradient.ts';

/** A vector of each sample. */
export type Vectors = readonly (readonly number[])[];

export function vectorAlgebra(samples: number): Algebra<Vectors> {
  return {
    samples,
    advance: (x, sizes, terms) =>
      terms[0][1].map((row, b) =>
        row.map((_, i) => {
          const slope = terms.reduce((sum, [weight, k]) => sum + weight * k[b][i], 0);
          return (x === null ? 0 : x[b][i]) + sizes[b] * slope;
        }),
      ),
    norm: (e, x, y, { rtol, atol }) =>
      Float64Array.from(e, (row, b) => {
        const parts = row.map((v, i) => v / (atol + rtol * Math.max(Math.abs(x[b][i]), Math.abs(y[b][i]))));
        return Math.sqrt(parts.reduce((sum, part) => sum + part * part, 0) / row.length);
      }),
    select: (chosen, y, x) => chosen.map((takes, b) => (takes ? y[b] : x[b])),
    scope: (make) => make(),
    dispose: () => undefined,
  };
}

/** dx/dt of one sample, a^T df/dx and a^T df/dtheta. */
export type VectorEquation = {
  readonly f: (x: readonly number[], t: number) => number[];
  readonly byState: (x: readonly number[], t: number, a: readonly number[]) => number[];
  readonly byTheta: (x: readonly number[], t: number, a: readonly number[]) => number[];
};

export class VectorField implements Field<Vectors> {
  readonly gradient: number[];
  private readonly equation: VectorEquation;

  constructor(equation: VectorEquation, parameters: number) {
    this.equation = equation;
    this.gradient = Array<number>(parameters).fill(0);
  }

  readonly value = (x: Vectors, t: PerSample): Vectors => x.map((row, b) => this.equation.f(row, t[b]));

  pull(x: Vectors, t: PerSample, a: Vectors): { value: Vectors; state: Vectors } {
    const state = x.map((row, b) => this.equation.byState(row, t[b], a[b]));
    return { value: this.value(x, t), state };
  }

  pullAll(x: Vectors, t: PerSample, a: Vectors): Vectors {
    x.forEach((row, b) =>
      this.equation.byTheta(row, t[b], a[b]).forEach((part, i) => (this.gradient[i] += part)),
    );
    return this.pull(x, t, a).state;
  }
}

/** dx/dt = theta x: x(t) = x0 e^(theta t). */
export const exponential = (theta: number): VectorEquation => ({
  f: ([x]) => [theta * x],
  byState: (_, __, [a]) => [theta * a],
  byTheta: ([x], _, [a]) => [a * x],
});

/** dx/dt = A x; theta is A, row by row. */
export const linear = (matrix: readonly (readonly number[])[]): VectorEquation => ({
  f: (x) => matrix.map((row) => row.reduce((sum, entry, j) => sum + entry * x[j], 0)),
  byState: (x, _, a) => x.map((__, j) => matrix.reduce((sum, row, i) => sum + a[i] * row[j], 0)),
  byTheta: (x, _, a) => a.flatMap((ai) => x.map((xj) => ai * xj)),
});

/** e^A by its series, for a small matrix. */
export function matrixExponential(matrix: readonly (readonly number[])[]): number[][] {
  const n = matrix.length;
  const identity = matrix.map((_, i) => matrix.map((__, j) => Number(i === j)));
  let [sum, term] = [identity, identity];
  for (let k = 1; k < 60; k++) {
    term = term.map((row) =>
      matrix.map(
        (_, j) => Array.from({ length: n }, (__, l) => row[l] * matrix[l][j]).reduce((a, b) => a + b) / k,
      ),
    );
    sum = sum.map((row, i) => row.map((value, j) => value + term[i][j]));
  }
  return sum;
}

/**
 * torchdiffeq's test of that name, with a factor theta before its slope:
 * dx/dt = theta (2 x / t + t^4 sin(2 t) - t^2 + 4 t^3), and for theta = 1
 * x(t) = -t^4 cos(2 t) / 2 + t^3 sin(2 t) / 2 + t^2 cos(2 t) / 4 - t^3 + 2 t^4 + (pi - 1/4) t^2.
 */
export function sine(theta: number): VectorEquation {
  const slope = (x: number, t: number): number =>
    (2 * x) / t + t ** 4 * Math.sin(2 * t) - t ** 2 + 4 * t ** 3;
  return {
    f: ([x], t) => [theta * slope(x, t)],
    byState: (_, t, [a]) => [(theta * 2 * a) / t],
    byTheta: ([x], t, [a]) => [a * slope(x, t)],
  };
}

export const sineSolution = (t: number): number =>
  (-(t ** 4) * Math.cos(2 * t)) / 2 +
  (t ** 3 * Math.sin(2 * t)) / 2 +
  (t ** 2 * Math.cos(2 * t)) / 4 -
  t ** 3 +
  2 * t ** 4 +
  (Math.PI - 1 / 4) * t ** 2;

/**
 * Of x(t1) of `sine` by x(t0) and by theta, at theta = 1: dx/dx0 solves dv/dt = 2 v / t, so that it is (t1 / t0)^2;
 * dx/dtheta solves dw/dt = 2 w / t + dx/dt with w(t0) = 0, so that it is t1^2 times the integral of t^-2 dx/dt.
 */
export function sineDerivatives(t0: number, t1: number): { byStart: number; byTheta: number } {
  const { f } = sine(1);
  const integrand = (t: number): number => f([sineSolution(t)], t)[0] / t ** 2;
  return { byStart: (t1 / t0) ** 2, byTheta: t1 ** 2 * simpson(integrand, t0, t1) };
}

/** The integral of a smooth f, to about twelve digits. */
function simpson(f: (t: number) => number, from: number, to: number): number {
  const parts = 2000;
  const h = (to - from) / parts;
  let sum = f(from) + f(to);
  for (let i = 1; i < parts; i++) sum += (i % 2 === 1 ? 4 : 2) * f(from + i * h);
  return (sum * h) / 3;
}
