/** What PUCT thinks of a move while simulations of it are under way. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLACK, WHITE } from '#engine/go/color.ts';
import { SearchGraph } from '#engine/search/graph.ts';
import { NET_SEARCH } from '#engine/search/parameters.ts';
import { reachedUtility } from '#engine/search/puct.ts';

/** Q of a move that is worth `utility` after `visits`, with so many simulations under way. */
function worth(utility: number, visits: number, pending: number): number {
  const graph = new SearchGraph();
  const root = graph.addNode(BLACK);
  graph.addEdges(root, 1);
  const child = graph.addNode(WHITE);
  const edge = graph.reach(root, graph.firstEdge[root], child);
  [graph.visits[child], graph.edgeVisits[edge]] = [visits, visits];
  [graph.meanUtilityBlack[child], graph.pendingVisits[child]] = [utility, pending];
  return reachedUtility(graph, edge, 1, 0, NET_SEARCH);
}

test('a simulation under way never makes a move look better, however many points it loses by', () => {
  const most = 1 + NET_SEARCH.staticScoreWeight + NET_SEARCH.dynamicScoreWeight;
  const utilities = fc.double({ min: -most, max: most, noNaN: true });
  fc.assert(
    fc.property(
      utilities,
      fc.integer({ min: 1, max: 50 }),
      fc.nat({ max: 8 }),
      (utility, visits, pending) => {
        expect(worth(utility, visits, pending + 1)).toBeLessThanOrEqual(
          worth(utility, visits, pending) + 1e-6,
        );
      },
    ),
  );
  expect(worth(0.5, 3, 1)).toBeCloseTo((3 * 0.5 - most) / 4, 6);
});
