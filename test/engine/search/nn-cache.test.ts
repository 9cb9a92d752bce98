/** The memory of evaluations: it changes nothing but how often the evaluator is asked. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { evaluateAll, immediateEvaluator } from '#engine/search/evaluator.ts';
import type { Evaluator } from '#engine/search/evaluator.ts';
import { cachedEvaluator } from '#engine/search/nn-cache.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { Search } from '#engine/search/search.ts';
import { hashEvaluator, played } from './helpers.ts';

const empty = Position.start({ width: 4, height: 4, rules: makeRules('chinese', { komi: 0.5 }) });

/** Tells apart all that the cache has to, and counts what it is asked. */
function seeing(): { evaluator: Evaluator; asked: () => number } {
  let asked = 0;
  const evaluator = immediateEvaluator(8, (position, symmetry) => {
    asked++;
    const { board, rules, toPlay, consecutivePasses } = position;
    const past = [0, 1, 2, 3, 4].map((ply) => position.recentMove(ply));
    const boards = [1, 2].map((ply) => position.boardBefore(ply)?.hashLo ?? 0);
    const legal = [...board.stones.keys()].filter((move) => position.isLegal(move));
    const seen = JSON.stringify([
      board.hashLo,
      rules,
      toPlay,
      consecutivePasses,
      past,
      boards,
      legal,
      symmetry,
    ]);
    let hash = 0;
    for (const character of seen) hash = (31 * hash + character.charCodeAt(0)) % 1_000_003;
    return {
      policyLogits: Float32Array.from({ length: board.area + 1 }, (_, move) => Math.sin(hash + move)),
      valueToPlay: Math.sin(hash),
      scoreToPlay: hash % 7,
      scoreStdev: hash % 5,
      ownershipToPlay: hash % 2 === 0 ? null : new Float32Array(board.area).fill(Math.cos(hash)),
    };
  });
  return { evaluator, asked: () => asked };
}

test('answers are those of the evaluator, for any positions and symmetries, however few are remembered', async () => {
  const rules = fc.constantFrom(
    makeRules('chinese'),
    makeRules('chinese', { komi: 6 }),
    makeRules('chinese', { komi: 6.1 }),
    makeRules('aga'),
    makeRules('japanese'),
    makeRules('tromp-taylor'),
  );
  const game = fc.tuple(rules, fc.array(fc.nat(50), { maxLength: 12 }), fc.nat(7));
  await fc.assert(
    fc.asyncProperty(
      fc.array(game, { maxLength: 12 }),
      fc.constantFrom(1, 3, 100),
      async (games, entries) => {
        const requests = games.map(([own, choices, symmetry]) => {
          let position = Position.start({ width: 2, height: 3, rules: own });
          for (const choice of choices) {
            const legal = position.legalMoves();
            if (legal.length > 0) position = played(position, legal[choice % legal.length]);
          }
          return { position, symmetry };
        });
        const cached = cachedEvaluator(seeing().evaluator, entries);
        for (const again of [requests, requests.toReversed()])
          expect(await evaluateAll(cached, again)).toEqual(await evaluateAll(seeing().evaluator, again));
      },
    ),
    { numRuns: 60 },
  );
});

test('what is remembered is not asked for again', async () => {
  const { evaluator, asked } = seeing();
  const cached = cachedEvaluator(evaluator, 100);
  const requests = [0, 1, 2].map((move) => ({ position: played(empty, move), symmetry: 0 }));
  const first = await evaluateAll(cached, requests);
  expect(await evaluateAll(cached, [...requests, { position: empty, symmetry: 0 }])).toEqual([
    ...first,
    ...(await evaluateAll(seeing().evaluator, [{ position: empty, symmetry: 0 }])),
  ]);
  expect(asked()).toBe(4);
});

test('a search finds with a memory what it finds without', async () => {
  const search = (evaluator: Evaluator) =>
    new Search(evaluator, NET_SEARCH).search(played(empty, 5), { visits: 200 }, 1);
  const cached = cachedEvaluator(hashEvaluator(8), 1000);
  const plain = await search(hashEvaluator(8));
  expect(await search(cached)).toEqual(plain);
  expect(await search(cached)).toEqual(plain);
});
