/** Student's t against the tables. */
import { expect, test } from 'vitest';
import { estimate, studentBound, studentWithin } from '#training/student.ts';

// Abramowitz and Stegun 1964, table 26.10.
test.each([
  [1, 12.706],
  [2, 4.303],
  [3, 3.182],
  [4, 2.776],
  [5, 2.571],
  [9, 2.262],
  [30, 2.042],
])('with %i degrees of freedom 95%% lie within %f', (freedom, bound) => {
  expect(studentBound(0.95, freedom)).toBeCloseTo(bound, 3);
  expect(studentWithin(studentBound(0.5, freedom), freedom)).toBeCloseTo(0.5, 8);
});

test('the interval of a mean is that of Student; a single value has none', () => {
  // Deviation 1, so 4.303 / sqrt 3.
  const { mean, halfWidth } = estimate([1, 2, 3]);
  expect(mean).toBe(2);
  expect(halfWidth).toBeCloseTo(2.484, 3);
  expect(estimate([7])).toEqual({ values: [7], mean: 7, halfWidth: null });
});
