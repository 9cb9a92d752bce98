/** Which move a simulation follows under PUCT. */
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { SearchGraph } from './graph.ts';
import type { SearchParameters } from './parameters.ts';

/** Visits added under the square root, so that the prior decides the very first choice. KataGo's TOTALCHILDWEIGHT_PUCT_OFFSET. */
const VISITS_OFFSET = 0.01;

/**
 * c(N) = (cPuct + cPuctLog * ln((N + base) / base)) * (1 + scale * (stdev / prior - 1)): Silver et al. 2018, times how far
 * the utilities below the node deviate, as a share of what is usual (KataGo's cpuctUtilityStdev*).
 */
function exploration(graph: SearchGraph, node: number, total: number, parameters: SearchParameters): number {
  const { cPuctStdevPrior: prior, cPuctStdevPriorWeight: weight, cPuctStdevScale: scale } = parameters;
  const c =
    parameters.cPuct + parameters.cPuctLog * Math.log((total + parameters.cPuctBase) / parameters.cPuctBase);
  const visits = graph.visits[node];
  if (scale === 0 || visits <= 1) return c;
  const squareOfMean = graph.meanUtilityBlack[node] ** 2;
  const meanOfSquare = Math.max(squareOfMean, graph.meanUtilitySquare[node]);
  const variance =
    ((squareOfMean + prior * prior) * weight + meanOfSquare * visits) / (weight + visits - 1) - squareOfMean;
  return c * (1 + scale * (Math.sqrt(Math.max(0, variance)) / prior - 1));
}

/** c(N) * sqrt(N): what a prior is multiplied with, N = `total` the visits of the node's moves. */
export function explorationScale(
  graph: SearchGraph,
  node: number,
  total: number,
  parameters: SearchParameters,
): number {
  return exploration(graph, node, total, parameters) * Math.sqrt(total + VISITS_OFFSET);
}

/**
 * Q of a move that nobody has visited: the node's, its own evaluation giving way to its mean as moves are tried, less
 * fpuReduction * sqrt(sum of visited priors) (KataGo).
 */
export function unvisitedUtility(
  graph: SearchGraph,
  node: number,
  visitedPrior: number,
  parameters: SearchParameters,
): number {
  const sign = signFor(graph.toPlay[node] as Color);
  const reduction = node === graph.root ? parameters.rootFpuReduction : parameters.fpuReduction;
  const share = Math.min(1, visitedPrior ** parameters.fpuVisitedPolicyPower);
  return (
    sign * (share * graph.meanUtilityBlack[node] + (1 - share) * graph.utilityBlack[node]) -
    reduction * Math.sqrt(visitedPrior)
  );
}

/**
 * Q of a reached edge for the side to move, whose sign this is; simulations under way count for it as losses by as much as
 * there are points, the least utility there is (KataGo).
 */
export function reachedUtility(
  graph: SearchGraph,
  edge: number,
  sign: number,
  unvisited: number,
  { virtualLoss, staticScoreWeight, dynamicScoreWeight }: SearchParameters,
): number {
  const child = graph.edgeChild[edge];
  const q = graph.visits[child] > 0 ? sign * graph.meanUtilityBlack[child] : unvisited;
  const losses = virtualLoss * graph.pendingVisits[child];
  if (losses === 0) return q;
  const n = graph.edgeVisits[edge];
  return (n * q - losses * (1 + staticScoreWeight + dynamicScoreWeight)) / (n + losses);
}

/**
 * PUCT: a* = argmax_a Q(s,a) + c(N) * P(s,a) * sqrt(N) / (1 + N(s,a)), N = sum_b N(s,b). Silver et al. 2017, Methods, "Select".
 * @param node an expanded node.
 * @returns the edge; ties go to the edge reached first.
 */
export function selectEdge(graph: SearchGraph, node: number, parameters: SearchParameters): number {
  const { pendingVisits, edgePrior, edgeChild, edgeVisits } = graph;
  const sign = signFor(graph.toPlay[node] as Color);
  const first = graph.firstEdge[node];
  const frontier = first + graph.reached[node];
  let total = 0;
  let visitedPrior = 0;
  for (let edge = first; edge < frontier; edge++) {
    total += edgeVisits[edge] + pendingVisits[edgeChild[edge]];
    visitedPrior += edgePrior[edge];
  }
  const scale = explorationScale(graph, node, total, parameters);
  const unvisited = unvisitedUtility(graph, node, visitedPrior, parameters);
  let best = -1;
  let bestUrgency = -Infinity;
  for (let edge = first; edge < frontier; edge++) {
    const q = reachedUtility(graph, edge, sign, unvisited, parameters);
    const urgency = q + (scale * edgePrior[edge]) / (1 + edgeVisits[edge] + pendingVisits[edgeChild[edge]]);
    if (urgency > bestUrgency) {
      bestUrgency = urgency;
      best = edge;
    }
  }
  if (frontier < first + graph.edges[node] && unvisited + scale * edgePrior[frontier] > bestUrgency)
    best = frontier;
  if (best < 0) throw new Error(`internal: node ${node} has ${graph.edges[node]} edges, none selectable`);
  return best;
}
