/** Forced playouts at the root, which find moves that the policy thinks little of, and the target that leaves them out again (Wu 2019, section 3.2). */
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { SearchGraph } from './graph.ts';
import type { SearchParameters } from './parameters.ts';
import { explorationScale } from './puct.ts';

/** n_forced(c) = sqrt(k * P(c) * N), N the visits of all root moves: those that a move gets at least once it has any. */
function forcedVisits(prior: number, total: number, { forcedPlayouts }: SearchParameters): number {
  return Math.sqrt(forcedPlayouts * prior * total);
}

/** The root's first visited edge that has fewer visits than it is forced to have, or -1. */
export function forcedEdge(graph: SearchGraph, parameters: SearchParameters): number {
  const { root, edgeVisits, edgePrior, edgeChild, pendingVisits } = graph;
  const first = graph.firstEdge[root];
  const end = first + graph.reached[root];
  const visits = (edge: number): number => edgeVisits[edge] + pendingVisits[edgeChild[edge]];
  let total = 0;
  for (let edge = first; edge < end; edge++) total += visits(edge);
  for (let edge = first; edge < end; edge++)
    if (edgeVisits[edge] > 0 && visits(edge) < forcedVisits(edgePrior[edge], total, parameters)) return edge;
  return -1;
}

/**
 * Visits of the root's reached edges without those that only forcing explains: of each move but the most visited c* up to
 * n_forced are taken while PUCT(c) stays below PUCT(c*), both with the values found; one that is brought down to a single
 * visit loses it too.
 * @returns float64 [reached].
 */
export function unforcedVisits(graph: SearchGraph, parameters: SearchParameters): Float64Array {
  const { root, edgePrior, edgeChild, meanUtilityBlack } = graph;
  const first = graph.firstEdge[root];
  const visits = Float64Array.from(graph.edgeVisits.subarray(first, first + graph.reached[root]));
  if (parameters.forcedPlayouts === 0) return visits;
  const sign = signFor(graph.toPlay[root] as Color);
  const total = visits.reduce((a, b) => a + b, 0);
  const scale = explorationScale(graph, root, total, parameters);
  const puct = (i: number, n: number): number =>
    sign * meanUtilityBlack[edgeChild[first + i]] + (scale * edgePrior[first + i]) / (1 + n);
  const best = visits.indexOf(Math.max(...visits));
  const bound = puct(best, visits[best]);
  return visits.map((all, i) => {
    if (i === best || all === 0) return all;
    const least = Math.max(0, Math.ceil(all - forcedVisits(edgePrior[first + i], total, parameters)));
    let kept = all;
    while (kept > least && puct(i, kept - 1) < bound) kept--;
    return kept === 1 && kept < all ? 0 : kept;
  });
}
