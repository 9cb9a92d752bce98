/** Several batches under evaluation at once: what a search makes of them when it is stopped, or when they fail or come late. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { makeRng } from '#engine/go/random.ts';
import { makeRules } from '#engine/go/rules.ts';
import { aroundEvaluation } from '#engine/search/evaluator.ts';
import type { Evaluator } from '#engine/search/evaluator.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { Search } from '#engine/search/search.ts';
import { hashEvaluator } from './helpers.ts';

const empty = Position.start({ width: 5, height: 5, rules: makeRules('chinese', { komi: 0.5 }) });
const sum = (visits: Int32Array): number => visits.reduce((a, b) => a + b, 0);

/** Evaluates up to `lanes` batches at once, each of which takes a number of turns of the event loop that `seed` draws. */
function slowEvaluator(
  lanes: number,
  seed: number,
  hook: (atOnce: number) => void = () => undefined,
): Evaluator {
  const rng = makeRng(seed);
  let atOnce = 0;
  const late = aroundEvaluation(hashEvaluator(4), async (evaluate) => {
    const evaluations = await evaluate();
    atOnce++;
    for (let turns = rng.nextInt(4); turns >= 0; turns--) await new Promise(setImmediate);
    atOnce--;
    hook(atOnce + 1);
    return evaluations;
  });
  return { ...late, lanes };
}

test('as many batches as there are lanes are under evaluation at once, never more', async () => {
  for (const lanes of [1, 2, 3]) {
    let most = 0;
    const evaluator = slowEvaluator(lanes, 1, (atOnce) => (most = Math.max(most, atOnce)));
    const result = await new Search(evaluator, NET_SEARCH).search(empty, { visits: 300 }, 1);
    expect(result.rootVisits).toBe(300);
    expect(sum(result.visits)).toBe(299);
    expect(most).toBe(lanes);
  }
});

test('which batch is evaluated first changes nothing', async () => {
  const search = (seed: number) =>
    new Search(slowEvaluator(3, seed), NET_SEARCH).search(empty, { visits: 250 }, 1);
  expect(await search(2)).toEqual(await search(3));
});

test('a search that is stopped at any moment has counted all that it sent', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(40), fc.integer({ min: 1, max: 3 }), async (stopAfter, lanes) => {
      let asked = 0;
      const search = new Search(slowEvaluator(lanes, stopAfter), NET_SEARCH);
      const budget = { visits: 400, shouldStop: () => ++asked > stopAfter };
      const stopped = await search.search(empty, budget, 1);
      expect(sum(stopped.visits)).toBe(stopped.rootVisits - 1);
      expect(empty.isLegal(stopped.move as number)).toBe(true);
      const more = await search.search(empty, { visits: 500 }, 1);
      expect([more.rootVisits, sum(more.visits)]).toEqual([500, 499]);
    }),
    { numRuns: 30 },
  );
});

test('what was counted before an evaluation failed stays valid, and the search can go on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 30 }),
      fc.integer({ min: 1, max: 3 }),
      async (failAt, lanes) => {
        let evaluations = 0;
        const evaluator = slowEvaluator(lanes, failAt, () => {
          if (++evaluations === failAt) throw new Error('out of memory');
        });
        const search = new Search(evaluator, NET_SEARCH);
        await expect(search.search(empty, { visits: 400 }, 1)).rejects.toThrow('out of memory');
        const again = await search.search(empty, { visits: 400 }, 1);
        expect([again.rootVisits, sum(again.visits)]).toEqual([400, 399]);
      },
    ),
    { numRuns: 20 },
  );
});
