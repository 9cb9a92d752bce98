/** Scales of losses. */
import { expect, test } from 'vitest';
import { logScale } from '#training/surface/log-scale.ts';

const ticks = (...losses: (number | null)[]): string[] => {
  const scale = logScale(losses);
  return scale.ticks.map(scale.text);
};

test('a scale is marked by round numbers within it, whatever its span', () => {
  expect(ticks(2.41, 3.33)).toEqual(['2.5', '2.6', '2.7', '2.8', '2.9', '3', '3.1', '3.2', '3.3']);
  expect(ticks(0.9, 40)).toEqual(['1', '2', '5', '10', '20']);
  expect(ticks(3, 2e8)).toEqual(['10', '100', '1000', '1e+4', '1e+5', '1e+6', '1e+7', '1e+8']);
});

test('what has no logarithm is at the ends', () => {
  const scale = logScale([null, 10, 0, 1000]);
  expect(scale.domain).toEqual([1, 3]);
  expect([null, 0, 100].map(scale.of)).toEqual([3, 1, 2]);
});

test('a loss that is the same everywhere has a scale', () => {
  const { domain } = logScale([2, 2]);
  expect(domain[1]).toBeGreaterThan(domain[0]);
});
