/** The search: its budget, its tree, and what it finds on small boards. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { NET_SEARCH, PLAYOUT_SEARCH } from '#engine/search/parameters.ts';
import { playoutEvaluator } from '#engine/search/playout-evaluator.ts';
import { Search } from '#engine/search/search.ts';
import { pointOf, positionOf } from '../go/diagram.ts';
import { hashEvaluator, played } from './helpers.ts';

const komi = (points: number) => makeRules('chinese', { komi: points });
const empty = (size: number): Position => Position.start({ width: size, height: size, rules: komi(0.5) });
const sum = (visits: Int32Array): number => visits.reduce((a, b) => a + b, 0);

describe('a search', () => {
  test('uses exactly its visits, one for the root and the rest for the moves', async () => {
    for (const visits of [1, 2, 37, 500])
      for (const batchSize of [1, 8]) {
        const search = new Search(hashEvaluator(16), { ...NET_SEARCH, batchSize });
        const result = await search.search(empty(5), { visits }, 1);
        expect(result.rootVisits).toBe(visits);
        expect(sum(result.visits)).toBe(visits - 1);
      }
  });

  test('uses them without virtual losses too', async () => {
    const search = new Search(hashEvaluator(16), { ...NET_SEARCH, virtualLoss: 0, batchSize: 16 });
    const result = await search.search(empty(3), { visits: 400 }, 1);
    expect([result.rootVisits, sum(result.visits)]).toEqual([400, 399]);
  });

  test('never evaluates more positions at once than the evaluator asks for', async () => {
    const sizes: number[] = [];
    const search = new Search(
      hashEvaluator(5, (size) => sizes.push(size)),
      { ...NET_SEARCH, batchSize: 64 },
    );
    await search.search(empty(7), { visits: 400 }, 1);
    expect(Math.max(...sizes)).toBe(5);
  });

  test('makes the same tree from the same seed, noise and symmetries included', async () => {
    const run = (seed: number) =>
      new Search(hashEvaluator(8), { ...NET_SEARCH, noiseWeight: 0.25, temperature: 1 }).search(
        empty(6),
        { visits: 300 },
        seed,
      );
    expect(await run(7)).toEqual(await run(7));
    expect((await run(7)).visits).not.toEqual((await run(8)).visits);
  });

  test('plays legal moves whatever the batch size and position', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.nat(1000), { maxLength: 30 }),
        fc.nat(1000),
        async (batchSize, visits, choices, seed) => {
          let position = Position.start({ width: 4, height: 5, rules: makeRules('tromp-taylor') });
          for (const choice of choices) {
            const legal = position.legalMoves();
            if (legal.length > 0) position = played(position, legal[choice % legal.length]);
          }
          if (position.isOver) position = position.resume();
          const search = new Search(hashEvaluator(batchSize), {
            ...NET_SEARCH,
            batchSize,
            noiseWeight: 0.25,
          });
          const result = await search.search(position, { visits }, seed);
          expect(position.isLegal(result.move as number)).toBe(true);
          for (const [move, count] of result.visits.entries())
            if (count > 0) expect(position.isLegal(move)).toBe(true);
          expect(result.rootVisits).toBe(visits);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('that is stopped at once still gives a legal move and an opinion', async () => {
    const search = new Search(hashEvaluator(8), NET_SEARCH);
    const result = await search.search(empty(9), { visits: 1000, shouldStop: () => true }, 1);
    expect(result.rootVisits).toBe(1);
    expect(empty(9).isLegal(result.move as number)).toBe(true);
    expect(Number.isFinite(result.winrateBlack)).toBe(true);
  });

  test('starts no batch after its deadline on the clock it was given', async () => {
    let time = 0;
    const search = new Search(
      hashEvaluator(1, () => (time += 10)),
      { ...NET_SEARCH, batchSize: 1 },
    );
    const result = await search.search(empty(9), { visits: 1000, deadlineMs: 95, now: () => time }, 1);
    expect(result.rootVisits).toBe(10);
  });

  test('keeps the part of its tree that the game went into, and counts it towards the next budget', async () => {
    let evaluations = 0;
    const search = new Search(
      hashEvaluator(8, (size) => (evaluations += size)),
      NET_SEARCH,
    );
    // One stone off the axes, so that no symmetry is left to prune moves by.
    const start = played(empty(5), 3);
    const first = await search.search(start, { visits: 400 }, 1);
    const move = first.move as number;
    const kept = first.visits[move];
    expect(kept).toBeGreaterThan(20);
    evaluations = 0;
    const second = await search.search(played(start, move), { visits: 400 }, 2);
    expect(second.rootVisits).toBe(400);
    expect(sum(second.visits)).toBe(399);
    // What useless root moves had is given up; the root itself is asked again for its ownership.
    expect(evaluations).toBeLessThan(400 - kept / 2);
  });

  test('forgets its tree when the next board is as wide but not as high', async () => {
    const search = new Search(hashEvaluator(8), { ...NET_SEARCH, rootSymmetryPruning: false });
    await search.search(empty(5), { visits: 20 }, 1);
    const higher = Position.start({ width: 5, height: 6, rules: komi(0.5) });
    const result = await search.search(higher, { visits: 20 }, 1);
    expect(sum(result.visits.subarray(25, 30))).toBeGreaterThan(0);
    expect(result.policy.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  });

  test('forgets its tree when another game comes', async () => {
    const evaluator = hashEvaluator(8);
    const parameters = { ...NET_SEARCH, randomSymmetry: false };
    const search = new Search(evaluator, parameters);
    await search.search(played(empty(5), 3), { visits: 200 }, 1);
    const other = played(empty(5), 12, 7);
    const fresh = await new Search(evaluator, parameters).search(other, { visits: 200 }, 1);
    expect(await search.search(other, { visits: 200 }, 1)).toEqual(fresh);
  });

  test('continues on the same tree when it is asked about the same position again', async () => {
    const parameters = { ...NET_SEARCH, randomSymmetry: false };
    const once = await new Search(hashEvaluator(1), parameters).search(empty(5), { visits: 200 }, 1);
    const search = new Search(hashEvaluator(1), parameters);
    await search.search(empty(5), { visits: 80 }, 1);
    expect(await search.search(empty(5), { visits: 200 }, 1)).toEqual(once);
  });

  test('survives an evaluator that fails, and searches afresh after it', async () => {
    let broken = true;
    const flaky = hashEvaluator(8, () => {
      if (broken) throw new Error('out of memory');
    });
    const search = new Search(flaky, NET_SEARCH);
    await expect(search.search(empty(5), { visits: 50 }, 1)).rejects.toThrow('out of memory');
    broken = false;
    expect((await search.search(empty(5), { visits: 50 }, 1)).rootVisits).toBe(50);
  });
});

describe('a search with playouts', () => {
  const think = async (position: Position, visits: number) =>
    new Search(playoutEvaluator({ seed: 1 }), PLAYOUT_SEARCH).search(position, { visits }, 1);

  test.each([BLACK, WHITE] as const)('takes what either side could take (%i to play)', async (toPlay) => {
    const diagram = `
      . O X a X
      O O X O X
      . O X O X
      O O X O X
      . O X O X`;
    const position = positionOf(diagram, komi(0.5), toPlay);
    const { move, winrateBlack } = await think(position, 300);
    expect(move).toBe(pointOf(diagram, 'a'));
    expect(winrateBlack > 0.5).toBe(toPlay === BLACK);
  });

  test.each([BLACK, WHITE] as const)(
    'plays the vital point of three in a row (%i to play)',
    async (toPlay) => {
      const diagram = `
      X . a . X
      X X X X X
      O O O O O
      O . O . O
      O O O O O`;
      const position = positionOf(diagram, komi(-7.5), toPlay);
      const { move, winrateBlack } = await think(position, 300);
      expect(move).toBe(pointOf(diagram, 'a'));
      expect(winrateBlack > 0.5).toBe(toPlay === BLACK);
    },
  );

  test('knows the outcome of a game that ends by the next pass', async () => {
    const position = played(
      positionOf(
        `
        . X O . O
        X X O O O
        . X O . O
        X X O O O
        . X O . O`,
        komi(0.5),
        WHITE,
      ),
      25,
    );
    const { move, winrateToPlay, pv } = await think(position, 50);
    expect(position.toPlay).toBe(BLACK);
    // Black has 10 points and White 15.5: passing loses for certain, and nothing useful is left.
    expect([move, pv, winrateToPlay[25]]).toEqual([25, [25], 0]);
  });

  test('says of a game that is over who won it', async () => {
    const over = played(positionOf('X . X\n. X .\nX . X', komi(0.5)), 9, 9);
    const result = await think(over, 10);
    expect(result).toMatchObject({ move: 9, winrateBlack: 1, scoreBlack: 8.5 });
  });
});

describe('resigning', () => {
  const diagram = `
    . X . X .
    X X X X X
    . X . . .
    X X X . .
    . . . . .`;
  const think = async (moves: number[], resignBelow: number) => {
    const position = played(positionOf(diagram, komi(0.5), WHITE), ...moves);
    const search = new Search(playoutEvaluator({ seed: 1 }), { ...PLAYOUT_SEARCH, resignBelow });
    return (await search.search(position, { visits: 100 }, 1)).move;
  };
  const lost = [24, 18, 23, 22, 25, 13, 14, 25];

  test('happens below the threshold, and never without one', async () => {
    expect(await think(lost, 0.2)).toBe('resign');
    expect(await think(lost, 0)).not.toBe('resign');
  });

  test('does not happen before a quarter of the board has been played', async () => {
    expect(await think([], 0.2)).not.toBe('resign');
  });
});

test('a root that is followed is evaluated again only on request, and is worth what it was found to be worth', async () => {
  for (const freshRoot of [true, false]) {
    const sizes: number[] = [];
    const evaluator = hashEvaluator(8, (size) => sizes.push(size));
    const search = new Search(evaluator, { ...NET_SEARCH, freshRoot, rootSymmetryPruning: false });
    const first = await search.search(empty(5), { visits: 50 }, 1);
    const [reply] = first.moves;
    const asked = sizes.length;
    const next = await search.search(played(empty(5), reply.move), { visits: 1 }, 2);
    expect(sizes.length - asked).toBe(freshRoot ? 1 : 0);
    expect(next.rootVisits).toBe(reply.visits);
    expect(next.policy.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(next.winrateBlack).toBeCloseTo(reply.winrateToPlay, 5);
  }
});
