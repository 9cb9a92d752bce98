/** Patterns of layers that do not learn. */
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { buildModel } from '#nets/model.ts';
import { weightShapes } from '#nets/weight-shapes.ts';
import { freezeProblem, isFrozen, layerOf } from '#training/freeze.ts';
import { SMALL_NETS, specOf } from '../nets/architectures/small-nets.ts';

beforeAll(() => useBackend('wasm'));

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
  expect(freezeProblem(weights, ['trunk'])).toBe('has no layer trunk to freeze; those in it are trunk/*');
  expect(freezeProblem(weights, ['*'])).toBe('has no layer left to learn');
});

test.each(SMALL_NETS)(
  'what can be frozen of %s are layers of its model, each of them with all its weights',
  (name) => {
    const spec = specOf(name);
    const named = new Map<string, string[]>();
    for (const weight of weightShapes(spec).keys())
      named.set(layerOf(weight), [...(named.get(layerOf(weight)) ?? []), weight]);
    const model = buildModel(spec, 1);
    const layers = model.layers.filter(({ weights }) => weights.length > 0);
    const own = layers.map((layer) => [
      layer.name,
      layer.weights.map(({ originalName }) => originalName).toSorted(),
    ]);
    expect(Object.fromEntries(own)).toEqual(
      Object.fromEntries(Array.from(named, ([layer, weights]) => [layer, weights.toSorted()])),
    );
    model.dispose();
  },
);
