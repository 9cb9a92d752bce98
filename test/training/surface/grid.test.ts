/** Grids: the net in the middle, and straight lines between points. */
import { expect, test } from 'vitest';
import { coordinates, interpolated, middle } from '#training/surface/grid.ts';

test('the middle is exactly the net, and the ends are the range', () => {
  const at = coordinates({ side: 51, range: 0.7 });
  expect(at[middle({ side: 51 })]).toBe(0);
  expect([at[0], at[50]]).toEqual([-0.7, 0.7]);
});

test('what is linear in both coordinates is interpolated exactly, to the very edge', () => {
  const grid = { side: 5, range: 2 };
  const plane = (alpha: number, beta: number): number => 1 + 2 * alpha - 3 * beta + alpha * beta;
  const at = coordinates(grid);
  const between = interpolated(
    grid,
    at.map((beta) => at.map((alpha) => plane(alpha, beta))),
  );
  for (const [alpha, beta] of [
    [0.3, -1.7],
    [2, 2],
    [-2, 0],
    [0, 0],
  ])
    expect(between(alpha, beta)).toBeCloseTo(plane(alpha, beta), 12);
});
