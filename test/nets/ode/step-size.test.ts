/** Sizes of steps, against the formulas of Hairer, Nørsett and Wanner 1993, II.4, worked out by hand. */
import { expect, test } from 'vitest';
import { solveAdaptively } from '#nets/ode/adaptive.ts';
import { firstSizes, growth } from '#nets/ode/step-size.ts';
import { VectorField, exponential, vectorAlgebra } from './vectors.ts';

test('a step grows by 0.9 error^(-1/5), of a method whose error is that of order 4, within 0.2 and 10', () => {
  for (const [error, factor] of [
    [1, 0.9],
    [32, 0.45],
    [1 / 32, 1.8],
    [243, 0.3],
    [1e-5, 9],
    [5 ** 5, 0.2],
    [0, 10],
    [Infinity, 0.2],
    [NaN, 0.2],
  ])
    expect(growth(error)).toBeCloseTo(factor, 12);
});

/** Of dx/dt = theta x from x(0) = 1 to `end`, where an error of 1 is allowed. */
function firstSize(theta: number, end: number): number {
  const field = new VectorField(exponential(theta), 0);
  const algebra = vectorAlgebra(1);
  const [size] = firstSizes(algebra, field.value, [[1]], [[theta]], new Float64Array(1), end, {
    rtol: 0,
    atol: 1,
  });
  return size;
}

test('the first step is (0.01 / bend)^(1/5), the larger of the slope and how it changes', () => {
  // |x| = 1, and |x'| = |theta| and |x''| = theta^2 at the start.
  expect(firstSize(0.32, 9)).toBeCloseTo(1 / 2, 12);
  expect(firstSize(0.32, -9)).toBeCloseTo(-1 / 2, 12);
  expect(firstSize(Math.sqrt(2.43), 9)).toBeCloseTo(1 / 3, 12);
  expect(firstSize(-Math.sqrt(2.43), 9)).toBeCloseTo(1 / 3, 12);
});

test('it is no longer than 100 guesses of 0.01 |x| / |slope|, and not beyond the end', () => {
  expect(firstSize(8, 9)).toBeCloseTo(1 / 8, 12);
  expect(firstSize(0.32, 0.25)).toBe(0.25);
  expect(firstSize(0.32, -0.25)).toBe(-0.25);
  // Where nothing moves the guess is 1e-6.
  expect(firstSize(0, 9)).toBe(1e-6);
});

test('a step that ends within a hundredth of itself before the end of the span goes there', () => {
  const field = new VectorField(exponential(0.32), 0);
  /** The first step would be 1/2. */
  const sizes = (end: number): number[] => {
    const taken: number[] = [];
    solveAdaptively(vectorAlgebra(1), field.value, [[1]], [0, end], { rtol: 0, atol: 1 }, (step) =>
      taken.push(step.sizes[0]),
    );
    return taken;
  };
  expect(sizes(0.504)).toEqual([0.504]);
  expect(sizes(0.506)).toHaveLength(2);
  expect(sizes(-0.504)).toEqual([-0.504]);
});
