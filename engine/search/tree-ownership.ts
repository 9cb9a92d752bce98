/** Who will own each point in the mean of all that a search has seen. */
import { EXPANDED } from './graph.ts';
import type { SearchGraph } from './graph.ts';

/**
 * The mean of ownership of `from`, the root or a node below it, each node's own evaluation weighing as it does in the means of node-value.ts.
 * Terminal nodes, which nobody evaluated, leave their weight to the others. @returns float32
 * [width * height] in [-1, 1], or null where only terminal nodes are left.
 */
export function treeOwnershipBlack(graph: SearchGraph, from: number): Float32Array | null {
  const points = graph.ownershipPoints;
  const shares = new Float64Array(graph.nodeCount);
  const sum = new Float32Array(points);
  let weight = 0;
  shares[from] = 1;
  for (const node of graph.postOrder().reverse()) {
    if (shares[node] === 0 || graph.state[node] !== EXPANDED) continue;
    const own = shares[node] / graph.visits[node];
    weight += own;
    for (let p = 0; p < points; p++) sum[p] += own * graph.ownershipBlack[node * points + p];
    const first = graph.firstEdge[node];
    for (let edge = first; edge < first + graph.reached[node]; edge++)
      shares[graph.edgeChild[edge]] += own * graph.edgeVisits[edge];
  }
  return weight === 0 ? null : sum.map((owner) => owner / (127 * weight));
}
