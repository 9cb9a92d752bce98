/** Filters within blocks: which there are, and what a net is without some of them. */
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import type { NetFile } from '#nets/file.ts';
import { innerFilters, keepFilters } from '#nets/prune/inner-filters.ts';
import { resnetSpec } from '#nets/spec.ts';
import { weightOf } from '#nets/weight-of.ts';
import { bottleneck, gpool, ordinary, randomKataGoNet } from '../katago/random-nets.ts';
import { expectSameOutputs, modelOutputs, randomInputs } from '../net-outputs.ts';

beforeAll(() => useBackend('cpu'));

const blocks = [ordinary('mish'), gpool('mish'), bottleneck('mish', [ordinary('mish')])];
const net = randomKataGoNet(15, blocks, 'mish');

const KEPT = new Map([
  ['trunk/block0', [1, 4]],
  ['trunk/block1', [0, 2, 3]],
  ['trunk/block2/block0', [5]],
]);

/** The net whose other filters put out 0, as mish does of 0. */
function masked(): NetFile {
  const weights = new Map(net.weights);
  for (const [block, kept] of KEPT)
    for (const name of [`${block}/norm2/scale`, `${block}/norm2/shift`]) {
      const { shape, values } = weightOf(net, name);
      weights.set(name, { shape, values: values.map((value, c) => (kept.includes(c) ? value : 0)) });
    }
  return { ...net, weights };
}

test('a net has filters within its blocks, those of bottlenecks too', () => {
  expect(innerFilters(net.spec)).toEqual([
    { block: 'trunk/block0', count: 6 },
    { block: 'trunk/block1', count: 5 },
    { block: 'trunk/block2/block0', count: 6 },
  ]);
  expect(innerFilters(resnetSpec(2, 8))).toEqual([]);
});

test('a pruned net says what the net says whose filters are masked, on boards of two sizes', () => {
  const pruned = keepFilters(net, KEPT);
  expect(innerFilters(pruned.spec).map(({ count }) => count)).toEqual([2, 3, 1]);
  const inputs = randomInputs(
    net,
    [
      [9, 9],
      [7, 5],
    ],
    1,
  );
  expectSameOutputs(modelOutputs(pruned, inputs), modelOutputs(masked(), inputs), 1e-5);
});
