/** Many searches that fill batches together. */
import { expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { jointEvaluator } from '#engine/search/joint-evaluator.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { Search } from '#engine/search/search.ts';
import { hashEvaluator, played } from './helpers.ts';

const parameters = { ...NET_SEARCH, batchSize: 1 };
const start = (size: number): Position =>
  Position.start({ width: size, height: size, rules: makeRules('chinese', { komi: 0.5 }) });

test('searches find together what each finds alone, in batches as large as they are many', async () => {
  const positions = Array.from({ length: 6 }, (_, i) => played(start(5), i));
  const alone = await Promise.all(
    positions.map((position) => new Search(hashEvaluator(1), parameters).search(position, { visits: 20 }, 1)),
  );
  const sizes: number[] = [];
  const joint = jointEvaluator(
    hashEvaluator(32, (size) => sizes.push(size)),
    setImmediate,
  );
  const together = await Promise.all(
    positions.map((position) => new Search(joint, parameters).search(position, { visits: 20 }, 1)),
  );
  expect(together).toEqual(alone);
  expect(sizes.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 6));
});

test('a batch holds boards of one size and no more than the evaluator takes', async () => {
  const batches: number[] = [];
  const inner = hashEvaluator(4, (size) => batches.push(size));
  const joint = jointEvaluator(inner, setImmediate);
  const evaluations = await Promise.all(
    [5, 7, 5, 5, 7, 5, 5].map((size) => {
      const batch = joint.newBatch();
      batch.add(start(size), 0);
      return batch.evaluate();
    }),
  );
  expect(evaluations.map(([{ policyLogits }]) => policyLogits.length)).toEqual([26, 50, 26, 26, 50, 26, 26]);
  expect(batches).toEqual([4, 2, 1]);
});

test('a failed batch fails those that asked for it, and no others', async () => {
  let fails = true;
  const inner = hashEvaluator(8, () => {
    if (fails) throw new Error('out of order');
  });
  const joint = jointEvaluator(inner, setImmediate);
  const ask = (): Promise<unknown> => {
    const batch = joint.newBatch();
    batch.add(start(5), 0);
    return batch.evaluate();
  };
  const results = await Promise.allSettled([ask(), ask()]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  fails = false;
  await expect(ask()).resolves.toHaveLength(1);
});
