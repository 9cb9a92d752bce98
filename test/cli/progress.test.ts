/** What is told of the time that is left. */
import { expect, test } from 'vitest';
import { timeLeft } from '#cli/progress.ts';

test.each([
  [40, '40 s left'],
  [180, '3 min left'],
  [5 * 3600, '5 h left'],
  [58_751 * 60, '41 days left'],
])('%i seconds are %s', (seconds, text) => {
  expect(timeLeft(seconds)).toBe(text);
});
