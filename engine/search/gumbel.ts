/** Gumbel AlphaZero (Danihelka et al. 2022): what moves are worth, and the policy that these values improve. */
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { SearchGraph } from './graph.ts';
import type { SearchParameters } from './parameters.ts';

/** A utility in the paper's units of Q, where 0 is a loss and 1 a win. */
export const toQ = (utilityToPlay: number): number => (utilityToPlay + 1) / 2;

/** sigma(q) = (c_visit + max_b N(b)) * c_scale * q (equation 8) is this factor times q. */
export function sigmaFactor(graph: SearchGraph, node: number, parameters: SearchParameters): number {
  const first = graph.firstEdge[node];
  let most = 0;
  for (let edge = first; edge < first + graph.reached[node]; edge++)
    most = Math.max(most, graph.edgeVisits[edge]);
  return (parameters.gumbelVisitOffset + most) * parameters.gumbelValueScale;
}

/**
 * v_mix, what an unvisited move is thought worth: (v + (sum_b N(b)) * (sum_a P(a) Q(a)) / (sum_a P(a))) / (1 + sum_b N(b))
 * over visited moves (equation 33). @returns utility for the side to move at `node`.
 */
export function mixedValue(graph: SearchGraph, node: number): number {
  const { edgeVisits, edgePrior, edgeChild, meanUtilityBlack } = graph;
  const first = graph.firstEdge[node];
  let visits = 0;
  let prior = 0;
  let worth = 0;
  for (let edge = first; edge < first + graph.reached[node]; edge++) {
    if (edgeVisits[edge] === 0) continue;
    visits += edgeVisits[edge];
    prior += edgePrior[edge];
    worth += edgePrior[edge] * meanUtilityBlack[edgeChild[edge]];
  }
  const sign = signFor(graph.toPlay[node] as Color);
  const own = graph.utilityBlack[node];
  return sign * (prior > 0 ? (own + (visits * worth) / prior) / (1 + visits) : own);
}

/** Completed Q of an edge: its mean where it was visited, else `unvisited`; utility for the side with this sign. */
export function completedUtility(graph: SearchGraph, edge: number, sign: number, unvisited: number): number {
  return graph.edgeVisits[edge] > 0 ? sign * graph.meanUtilityBlack[graph.edgeChild[edge]] : unvisited;
}

/** The root's edges. */
export function rootEdges({ firstEdge, edges, root }: SearchGraph): number[] {
  return Array.from({ length: edges[root] }, (_, i) => firstEdge[root] + i);
}

/** pi' = softmax(logits + sigma(completed Q)) over the root's moves: what Gumbel AlphaZero trains a policy on. @returns float32 [edges], as `rootEdges`. */
function improvedShares(graph: SearchGraph, parameters: SearchParameters): Float32Array {
  const factor = sigmaFactor(graph, graph.root, parameters);
  const unvisited = mixedValue(graph, graph.root);
  const sign = signFor(graph.toPlay[graph.root] as Color);
  const logits = rootEdges(graph).map(
    (edge) => Math.log(graph.edgePrior[edge]) + factor * toQ(completedUtility(graph, edge, sign, unvisited)),
  );
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - most), 0);
  return Float32Array.from(logits, (logit) => Math.exp(logit - most) / sum);
}

/** The improved policy by move, 0 for others. @returns float32 [moves]. */
export function improvedPolicy(
  graph: SearchGraph,
  moves: number,
  parameters: SearchParameters,
): Float32Array {
  const policy = new Float32Array(moves);
  const first = graph.firstEdge[graph.root];
  for (const [i, share] of improvedShares(graph, parameters).entries())
    policy[graph.edgeMove[first + i]] = share;
  return policy;
}

/** What the root is worth to Black by some mean over its visited moves. */
export type RootMeans = {
  readonly value: number;
  readonly score: number;
  readonly scoreSquare: number;
  readonly utility: number;
};

/**
 * Half the mean over the visits, half the mean of the visited moves under the improved policy. The first is too low for
 * the side to move, because a search of few visits spends most on moves that are only tried, the second too high,
 * because it picks what is overestimated: -0.11 and 0.07 with 16 visits and eight moves, half of both -0.03 (docs/selfplay.md).
 */
export function gumbelMeans(graph: SearchGraph, parameters: SearchParameters): RootMeans {
  const { root, edgeChild, edgeVisits } = graph;
  const { meanValueBlack, meanScoreBlack, meanScoreSquare, meanUtilityBlack } = graph;
  const shares = improvedShares(graph, parameters);
  const visited = rootEdges(graph)
    .map((edge, i) => ({ edge, share: shares[i] }))
    .filter(({ edge }) => edgeVisits[edge] > 0);
  const sum = visited.reduce((total, { share }) => total + share, 0);
  const mean = (means: Float32Array): number => {
    if (sum === 0) return means[root];
    const improved = visited.reduce((total, { edge, share }) => total + share * means[edgeChild[edge]], 0);
    return (means[root] + improved / sum) / 2;
  };
  return {
    value: mean(meanValueBlack),
    score: mean(meanScoreBlack),
    scoreSquare: mean(meanScoreSquare),
    utility: mean(meanUtilityBlack),
  };
}
