/** A search commutes with the symmetries of the board where its evaluator does. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { SYMMETRY_COUNT, symmetryTable } from '#engine/go/symmetry.ts';
import type { PositionView } from '#engine/go/view.ts';
import { immediateEvaluator } from '#engine/search/evaluator.ts';
import type { Evaluation } from '#engine/search/evaluator.ts';
import { mix } from '#engine/search/hash.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { symmetriesOf } from '#engine/search/root-symmetry.ts';
import { Search } from '#engine/search/search.ts';
import { played } from './helpers.ts';

const SIDE = 5;
const rules = makeRules('chinese', { komi: 0.5 });

const distance = (a: number, b: number): number =>
  ((a % SIDE) - (b % SIDE)) ** 2 + (Math.floor(a / SIDE) - Math.floor(b / SIDE)) ** 2;

/**
 * Sums over pairs of stones of a hash of colours and distances, so that only points that a symmetry maps on each other
 * are equal; whole numbers, so that the order of summing changes nothing.
 */
function pull({ board, toPlay }: PositionView, point: number): number {
  const centre = (board.area - 1) / 2;
  const stones = [...board.stones.keys()].filter((p) => board.stones[p] !== 0);
  const kind = (p: number): number => distance(p, centre) * 2 + Number(board.stones[p] === toPlay);
  let sum = 131 * distance(point, centre);
  for (const a of stones)
    for (const b of stones) {
      const shape = (distance(point, a) * 64 + distance(point, b)) * 64 + distance(a, b);
      sum += mix(mix(mix(7, shape), kind(a)), kind(b)) >>> 16;
    }
  return sum;
}

function evaluate(position: PositionView): Evaluation {
  const { board } = position;
  const pulls = Array.from({ length: board.area }, (_, point) => pull(position, point));
  const total = pulls.reduce((sum, at, p) => (board.stones[p] === 0 ? sum : sum + at), 0);
  return {
    policyLogits: Float32Array.from([...pulls.map((at) => Math.sin(at)), -1]),
    valueToPlay: 0.6 * Math.sin(total),
    scoreToPlay: 5 * Math.cos(total),
    scoreStdev: 3,
    ownershipToPlay: null,
  };
}

test.each(['puct', 'gumbel'] as const)(
  'a turned position has the turned visits, whatever symmetries are drawn (%s)',
  async (algorithm) => {
    const game = fc.uniqueArray(fc.nat(SIDE * SIDE - 1), { minLength: 4, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(game, fc.nat(SYMMETRY_COUNT - 1), fc.nat(50), async (moves, symmetry, seed) => {
        const image = symmetryTable(symmetry, SIDE, SIDE);
        const start = Position.start({ width: SIDE, height: SIDE, rules });
        // Of moves that are equal by symmetry the first is searched, which is another one on the turned board.
        fc.pre(symmetriesOf(played(start, ...moves)).length === 0);
        const search = (turned: (move: number) => number, seeded: number) =>
          new Search(immediateEvaluator(8, evaluate), {
            ...NET_SEARCH,
            algorithm,
            treeOwnership: true,
          }).search(played(start, ...moves.map(turned)), { visits: 120 }, seeded);
        const straight = await search((move) => move, seed);
        const turned = await search((move) => image[move], seed + 1);
        for (let move = 0; move <= SIDE * SIDE; move++)
          expect(turned.visits[image[move]]).toBe(straight.visits[move]);
        expect(turned.winrateBlack).toBeCloseTo(straight.winrateBlack, 5);
      }),
      // Where a position far below is symmetric, equal moves are searched in another order; these games have none.
      { numRuns: 10, seed: 3 },
    );
  },
);
