/** Graph search: what is merged, what it may not change, and that nothing breaks. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLACK, EMPTY, WHITE } from '#engine/go/color.ts';
import { PositionCursor } from '#engine/go/cursor.ts';
import { Position } from '#engine/go/position.ts';
import { makeRules } from '#engine/go/rules.ts';
import type { Rules } from '#engine/go/rules.ts';
import { immediateEvaluator } from '#engine/search/evaluator.ts';
import type { Evaluator } from '#engine/search/evaluator.ts';
import { SearchGraph } from '#engine/search/graph.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { Search } from '#engine/search/search.ts';
import { Transpositions } from '#engine/search/transpositions.ts';
import { hashEvaluator, played } from './helpers.ts';

const rulesOf = (ko: Rules['ko'], suicide = false): Rules => makeRules('chinese', { ko, suicide, komi: 0.5 });
const empty = (size: number, rules: Rules): Position => Position.start({ width: size, height: size, rules });
const TREE = { ...NET_SEARCH, graphSearch: false };

/** The node found where `second` ends, after `first` was played from `root` and made a node. */
function merges(root: Position, first: number[], second: number[]): boolean {
  const cursor = new PositionCursor(root);
  const graph = new SearchGraph();
  const transpositions = new Transpositions(graph, cursor);
  for (const move of first) cursor.play(move);
  transpositions.find(cursor);
  transpositions.add(graph.addNode(cursor.toPlay));
  while (cursor.depth > 0) cursor.undo();
  for (const move of second) cursor.play(move);
  return transpositions.find(cursor) >= 0;
}

test.each(['simple', 'positional', 'situational'] as const)(
  'orders of moves that lead to the same stones are one node, under %s ko',
  (ko) => {
    const root = empty(5, rulesOf(ko));
    expect(merges(root, [0, 12, 4], [4, 12, 0])).toBe(true);
    expect(merges(root, [0, 12, 4], [4, 13, 0])).toBe(false);
    // The same stones with the other side to move, or with another number of passes.
    expect(merges(root, [0, 12, 4], [0, 12, 4, 25])).toBe(false);
    expect(merges(root, [25, 12, 4, 13], [4, 12, 25, 13])).toBe(true);
    expect(merges(root, [25, 12, 4], [4, 12, 25])).toBe(false);
  },
);

test('after a capture since the root histories are told apart under superko, not under simple ko', () => {
  // Black takes the stone in the corner either before or after an exchange elsewhere.
  const before = [0, 1, 20, 5].reduce(
    (position, move) => played(position, move),
    empty(5, rulesOf('simple')),
  );
  expect(before.board.stones[0]).toBe(0);
  const [first, second] = [
    [24, 0, 12, 23],
    [12, 0, 24, 23],
  ];
  expect(merges(empty(5, rulesOf('simple')), [0, 1, 12, 5, 24, 23], [0, 1, 24, 5, 12, 23])).toBe(true);
  expect(merges(empty(5, rulesOf('positional')), [0, 1, 12, 5, 24, 23], [0, 1, 24, 5, 12, 23])).toBe(false);
  expect(merges(before, first, second)).toBe(true);
});

test('visits of the root sum, no illegal move is searched or told, whatever the rules and the position', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('simple', 'positional', 'situational' as const),
      fc.boolean(),
      fc.integer({ min: 2, max: 4 }),
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.nat(1000), { maxLength: 24 }),
      fc.constantFrom('puct', 'gumbel' as const),
      async (ko, suicide, size, batchSize, choices, algorithm) => {
        let position = empty(size, rulesOf(ko as Rules['ko'], suicide));
        for (const choice of choices) {
          const legal = position.legalMoves().filter((move) => move !== position.passMove);
          if (legal.length > 0) position = played(position, legal[choice % legal.length]);
        }
        const parameters = { ...NET_SEARCH, batchSize, algorithm: algorithm as 'puct' | 'gumbel' };
        const search = new Search(hashEvaluator(batchSize), parameters);
        for (const visits of [60, 200]) {
          const result = await search.search(position, { visits }, 1);
          expect(result.rootVisits).toBe(visits);
          expect(result.visits.reduce((a, b) => a + b)).toBe(visits - 1);
          // Every line can be played from the root, so that no order of moves was mixed up.
          for (const { move } of result.moves) expect(position.isLegal(move)).toBe(true);
          expect(position.isLegal(result.move as number)).toBe(true);
        }
        const next = position.play(position.legalMoves()[0]);
        if (next.ok && !next.position.isOver)
          expect((await search.search(next.position, { visits: 90 }, 2)).rootVisits).toBeGreaterThanOrEqual(
            90,
          );
      },
    ),
    { numRuns: 60 },
  );
});

test('simulations play no move that the rules forbid on their way', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('positional', 'situational' as const),
      fc.nat(1000),
      async (ko, seed) => {
        // On a tiny board with suicide repetitions come all the time.
        const position = empty(2, rulesOf(ko as Rules['ko'], true));
        const illegal: string[] = [];
        const inner = hashEvaluator(4);
        const watching = {
          ...inner,
          newBatch: () => {
            const batch = inner.newBatch();
            return {
              get size() {
                return batch.size;
              },
              add: (view: Parameters<typeof batch.add>[0], symmetry: number) => {
                let replayed = position;
                for (let ply = view.moveNumber - 1; ply >= 0; ply--) {
                  const next = replayed.play(view.recentMove(ply));
                  if (!next.ok) illegal.push(next.reason);
                  else replayed = next.position;
                }
                batch.add(view, symmetry);
              },
              evaluate: () => batch.evaluate(),
            };
          },
        };
        await new Search(watching, { ...NET_SEARCH, batchSize: 4 }).search(position, { visits: 150 }, seed);
        expect(illegal).toEqual([]);
      },
    ),
    { numRuns: 20 },
  );
});

test('a graph needs fewer evaluations than a tree for the same visits', async () => {
  const count = async (parameters: typeof NET_SEARCH): Promise<number> => {
    let evaluations = 0;
    const evaluator = hashEvaluator(8, (size) => (evaluations += size));
    await new Search(evaluator, parameters).search(empty(3, rulesOf('simple')), { visits: 400 }, 1);
    return evaluations;
  };
  expect(await count(NET_SEARCH)).toBeLessThan(await count(TREE));
});

test('where no position comes twice the graph is the tree', async () => {
  // The first moves from a board of nine points transpose only from the fourth position on.
  const search = (parameters: typeof NET_SEARCH) =>
    new Search(hashEvaluator(1), parameters).search(empty(3, rulesOf('simple')), { visits: 8 }, 1);
  expect(await search(NET_SEARCH)).toEqual(await search(TREE));
});

test('collecting keeps what the new root leads to, in fewer bytes, and nothing else', async () => {
  const start = played(empty(4, rulesOf('simple')), 1);
  const search = new Search(hashEvaluator(8), { ...NET_SEARCH, randomSymmetry: false });
  const { moves } = await search.search(start, { visits: 500 }, 1);
  const { bytes } = search;
  const best = moves[0];
  const next = await search.search(played(start, best.move), { visits: 1 }, 1);
  expect(search.bytes).toBeLessThan(bytes);
  // What useless moves had is given up.
  expect(next.rootVisits).toBeGreaterThan(1);
  expect(next.rootVisits).toBeLessThanOrEqual(best.visits);
});

test('what only copies of a move at the new root led to is forgotten', async () => {
  const start = empty(3, rulesOf('simple'));
  const bytesAfter = async (rootSymmetryPruning: boolean): Promise<number> => {
    const parameters = { ...TREE, randomSymmetry: false, rootSymmetryPruning };
    const search = new Search(hashEvaluator(8), parameters);
    await search.search(start, { visits: 500 }, 1);
    await search.search(played(start, 4), { visits: 1 }, 1);
    return search.bytes;
  };
  expect(await bytesAfter(true)).toBeLessThan(await bytesAfter(false));
});

describe.each(['puct', 'gumbel'] as const)(
  'the root of %s below a capture, reached by another order',
  (algorithm) => {
    // White's stone k takes one of Black's; whether Black may take back at x, which makes the first board again, depends on
    // whether his stone y, beside x, was there before.
    const [width, height] = [7, 7];
    const at = (x: number, y: number): number => y * width + x;
    const [x, y, k, z, w] = [at(2, 0), at(1, 0), at(3, 0), at(6, 6), at(0, 6)];
    const root = Position.start({
      width,
      height,
      rules: rulesOf('positional'),
      setup: {
        black: [x, at(4, 0), at(3, 1), at(4, 1), at(3, 2)],
        white: [at(0, 0), at(0, 1), at(1, 1), at(2, 1)],
      },
      toPlay: BLACK,
    });

    /** White takes last, everyone wants x after that, and Black's other two come in the order of these logits. */
    const evaluator = (logits: Readonly<Record<number, number>>): Evaluator =>
      immediateEvaluator(8, ({ board: { area, stones }, toPlay }) => {
        const policyLogits = new Float32Array(area + 1).fill(-12);
        const add = (move: number, logit: number): unknown => policyLogits.fill(logit, move, move + 1);
        if (toPlay === BLACK) for (const move of [y, z]) add(move, logits[move]);
        if (toPlay === BLACK && stones[k] === WHITE) add(x, 6);
        if (toPlay === WHITE) add(w, 3);
        if (toPlay === WHITE && [y, z, w].every((point) => stones[point] !== EMPTY)) add(k, 5);
        return { policyLogits, valueToPlay: 0, scoreToPlay: 0, scoreStdev: 10, ownershipToPlay: null };
      });

    test.each([
      ['no illegal move is chosen', { [y]: 2, [z]: 1.9 }, [z, w, y, k], 'superko'],
      ['no legal move is left out', { [y]: 1.9, [z]: 2 }, [y, w, z, k], null],
    ])('%s', async (_, logits, moves, legality) => {
      const parameters = { ...NET_SEARCH, algorithm, randomSymmetry: false, batchSize: 1 };
      const search = new Search(evaluator(logits), parameters);
      await search.search(root, { visits: 600 }, 1);
      const position = played(root, ...moves);
      expect(position.legality(x)).toBe(legality);
      const { move, policy } = await search.search(position, { visits: 64 }, 2);
      expect(move === x).toBe(legality === null);
      expect(policy[x] > 0).toBe(legality === null);
    });
  },
);

test('a search whose memory is full stops, says so, and still answers', async () => {
  const parameters = { ...NET_SEARCH, maxMegabytes: 0.02 };
  const search = new Search(hashEvaluator(8), parameters);
  expect(await search.search(empty(9, rulesOf('simple')), { visits: 5 }, 1)).toMatchObject({ isFull: false });
  const found = await search.search(empty(9, rulesOf('simple')), { visits: 5000 }, 1);
  const { rootVisits, move } = found;
  expect(found.isFull).toBe(true);
  expect(rootVisits).toBeGreaterThan(5);
  expect(rootVisits).toBeLessThan(100);
  expect(empty(9, rulesOf('simple')).isLegal(move as number)).toBe(true);
});
