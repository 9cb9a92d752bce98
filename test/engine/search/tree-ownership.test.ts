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
