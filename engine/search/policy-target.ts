/** What a policy learns from a search. */
import { EXPANDED } from './graph.ts';
import type { SearchGraph } from './graph.ts';
import { unforcedVisits } from './forced-playouts.ts';
import { improvedPolicy } from './gumbel.ts';
import type { SearchParameters } from './parameters.ts';

/**
 * Gumbel's improved policy, or PUCT's shares of the visits with forced playouts left out; the priors where PUCT has made
 * no visits. @param moves A. @returns float32 [A] that sums to 1, 0 for moves not at the root and everywhere where the game is over.
 */
export function policyTarget(graph: SearchGraph, moves: number, parameters: SearchParameters): Float32Array {
  const target = new Float32Array(moves);
  const { root, edgeMove } = graph;
  if (graph.state[root] !== EXPANDED) return target;
  if (parameters.algorithm === 'gumbel') return improvedPolicy(graph, moves, parameters);
  const first = graph.firstEdge[root];
  const shares =
    graph.visits[root] > 1
      ? unforcedVisits(graph, parameters)
      : graph.edgePrior.subarray(first, first + graph.edges[root]);
  let sum = 0;
  for (const share of shares) sum += share;
  for (const [i, share] of shares.entries()) target[edgeMove[first + i]] = share / sum;
  return target;
}
