/** Ownership as the mean over all that a search has seen. */
import { expect, test } from 'vitest';
import { signFor } from '#engine/go/color.ts';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import { immediateEvaluator } from '#engine/search/evaluator.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { Search } from '#engine/search/search.ts';
import { played } from './helpers.ts';

const start = played(Position.start({ width: 4, height: 4, rules: makeRules('chinese') }), 1);

test.each([false, true])('ownership that goes by the value has its mean (graph: %s)', async (graphSearch) => {
  // Every point is owned as surely as the game is won, so that the two means must agree.
  const evaluator = immediateEvaluator(4, ({ board, toPlay, moveNumber }) => {
    const valueToPlay = signFor(toPlay) * Math.sin(board.hashLo);
    return {
      policyLogits: new Float32Array(17),
      valueToPlay,
      scoreToPlay: NaN,
      scoreStdev: NaN,
      ownershipToPlay: new Float32Array(16).fill(moveNumber < 0 ? 0 : valueToPlay),
    };
  });
  const parameters = { ...NET_SEARCH, graphSearch, treeOwnership: true, earliestPass: 1 };
  const search = new Search(evaluator, parameters);
  for (const position of [start, played(start, 5)]) {
    const { winrateBlack, ownershipBlack } = await search.search(position, { visits: 200 }, 1);
    for (const owner of ownershipBlack ?? []) expect(owner).toBeCloseTo(2 * winrateBlack - 1, 1.5);
  }
});

test('the ownership of the root is the mean of its own and of that after each move', async () => {
  const evaluator = immediateEvaluator(4, ({ board }) => ({
    policyLogits: new Float32Array(17),
    valueToPlay: Math.sin(board.hashLo),
    scoreToPlay: NaN,
    scoreStdev: NaN,
    ownershipToPlay: Float32Array.from({ length: 16 }, (_, p) => Math.sin(board.hashHi + p)),
  }));
  const parameters = { ...NET_SEARCH, treeOwnership: true, movesOwnership: true, earliestPass: 1 };
  const find = (visits: number) => new Search(evaluator, parameters).search(start, { visits }, 1);
  const own = (await find(1)).ownershipBlack;
  const { ownershipBlack, moves, rootVisits } = await find(60);
  for (let p = 0; p < 16; p++) {
    const sum = moves.reduce((total, move) => total + move.edgeVisits * (move.ownershipBlack?.[p] ?? NaN), 0);
    expect(ownershipBlack?.[p]).toBeCloseTo(((own?.[p] ?? NaN) + sum) / rootVisits, 3);
  }
  const { moves: silent } = await new Search(evaluator, { ...parameters, movesOwnership: false }).search(
    start,
    { visits: 9 },
    1,
  );
  expect(silent.map((move) => move.ownershipBlack)).toEqual(silent.map(() => null));
});
