/** Which move a simulation follows. */
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { SearchParameters } from './parameters.ts';
import { ROOT } from './tree.ts';
import type { SearchTree } from './tree.ts';

/** Visits added under the square root, so that the prior decides the very first choice. KataGo's TOTALCHILDWEIGHT_PUCT_OFFSET. */
const VISITS_OFFSET = 0.01;

/**
 * PUCT: a* = argmax_a Q(s,a) + c(N) * P(s,a) * sqrt(N) / (1 + N(s,a)), N = sum_b N(s,b).
 * Silver et al. 2017, Methods, "Select"; c(N) = cPuct + cPuctLog * ln((N + base) / base) as in Silver et al. 2018.
 * Simulations under way count as losses for the side to move at `node`. An unreached move's Q is the node's own, less
 * fpuReduction * sqrt(sum of reached priors) (KataGo, Leela Zero).
 * @param node an expanded node.
 * @returns the edge; ties go to the edge reached first.
 */
export function selectEdge(tree: SearchTree, node: number, parameters: SearchParameters): number {
  const { visits, pendingVisits, utilitySumBlack, edgePrior, edgeChild } = tree;
  const sign = signFor(tree.toPlay[node] as Color);
  const first = tree.firstEdge[node];
  const frontier = first + tree.reached[node];
  let total = 0;
  let reachedPrior = 0;
  for (let edge = first; edge < frontier; edge++) {
    const child = edgeChild[edge];
    total += visits[child] + pendingVisits[child];
    reachedPrior += edgePrior[edge];
  }
  const { cPuct, cPuctLog, cPuctBase, virtualLoss } = parameters;
  const c = cPuct + cPuctLog * Math.log((total + cPuctBase) / cPuctBase);
  const scale = c * Math.sqrt(total + VISITS_OFFSET);
  let best = -1;
  let bestUrgency = -Infinity;
  for (let edge = first; edge < frontier; edge++) {
    const child = edgeChild[edge];
    const losses = virtualLoss * pendingVisits[child];
    const weight = visits[child] + losses;
    const q = weight === 0 ? 0 : (sign * utilitySumBlack[child] - losses) / weight;
    const urgency = q + (scale * edgePrior[edge]) / (1 + visits[child] + pendingVisits[child]);
    if (urgency > bestUrgency) {
      bestUrgency = urgency;
      best = edge;
    }
  }
  if (frontier < first + tree.edges[node]) {
    const reduction = node === ROOT ? parameters.rootFpuReduction : parameters.fpuReduction;
    const q = (sign * utilitySumBlack[node]) / visits[node] - reduction * Math.sqrt(reachedPrior);
    if (q + scale * edgePrior[frontier] > bestUrgency) best = frontier;
  }
  if (best < 0) throw new Error(`internal: node ${node} has ${tree.edges[node]} edges, none selectable`);
  return best;
}
