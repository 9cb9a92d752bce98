/** Patterns of layers that do not learn. */
import { expect, test } from 'vitest';
import { freezeProblem, isFrozen } from '#training/freeze.ts';

test.each([
  ['trunk/input', 'trunk/input', true],
  ['trunk/input2', 'trunk/input', false],
  ['trunk/block0/conv1', 'trunk/*', true],
  ['trunk/block0/conv1', '*/conv1', true],
  ['policy/conv', 'trunk/*', false],
  ['trunk/block10/bn', 'trunk/block1*/bn', true],
  ['trunkXinput', 'trunk.input', false],
])('%s is frozen by %s: %s', (layer, pattern, frozen) => {
  expect(isFrozen(layer, [pattern])).toBe(frozen);
  expect(isFrozen(layer, ['none', pattern])).toBe(frozen);
});

test('a pattern must have layers, and some layer must be left', () => {
  const weights = ['trunk/a/kernel', 'trunk/b/bias', 'head/kernel'];
  expect(freezeProblem(weights, [])).toBeNull();
  expect(freezeProblem(weights, ['trunk/*'])).toBeNull();
  expect(freezeProblem(weights, ['trunk/*', 'trunk/c'])).toBe('has no layer trunk/c to freeze');
  expect(freezeProblem(weights, ['*'])).toBe('has no layer left to learn');
});
