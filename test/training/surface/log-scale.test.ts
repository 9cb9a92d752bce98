/** Scales of losses. */
import { expect, test } from 'vitest';
import { logScale } from '#training/surface/log-scale.ts';

const ticks = (...losses: (number | null)[]): string[] => {
  const scale = logScale(losses);
  return scale.ticks.map(scale.text);
};

test('a scale is marked by round numbers within it, whatever its span', () => {
  expect(ticks(2.41, 3.33)).toEqual(['2.5', '2.6', '2.7', '2.8', '2.9', '3', '3.1', '3.2', '3.3']);
  expect(ticks(1.9, 40)).toEqual(['2', '3', '5', '7', '10', '15', '20', '30']);
  expect(ticks(0.9, 4e3).slice(0, 4)).toEqual(['1', '2', '5', '10']);
  expect(ticks(3, 2e8)).toEqual(['10', '100', '1000', '1e+4', '1e+5', '1e+6', '1e+7', '1e+8']);
});

test('what has no logarithm is at the ends', () => {
  const scale = logScale([null, 10, 0, 1000]);
  expect(scale.domain).toEqual([1, 3]);
  expect([null, 0, 100].map(scale.of)).toEqual([3, 1, 2]);
});

test.each([[[2, 2]], [[0, 0]], [[null]]])('losses that are all %s have a scale', (losses) => {
  const { domain, of } = logScale(losses);
  expect(domain[1]).toBeGreaterThan(domain[0]);
  for (const loss of losses) expect(of(loss)).toBeGreaterThanOrEqual(domain[0]);
});
