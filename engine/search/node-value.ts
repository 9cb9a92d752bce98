/** What a node is worth: the mean of its own evaluation and of what its edges lead to. */
import { EXPANDED, TERMINAL } from './graph.ts';
import type { SearchGraph } from './graph.ts';
import type { SearchParameters } from './parameters.ts';
import { utility } from './score-utility.ts';

/**
 * Writes the means of an evaluated node: (own + sum_e N(e) * mean(child(e))) / (1 + sum_e N(e)), N the visits of edges.
 * In a tree that is the mean over all evaluations below; where nodes have several parents each parent weighs them by
 * its own visits (as in KataGo's graph search; Czech et al. 2021 give the same fixed point).
 */
export function renewMeans(graph: SearchGraph, node: number): void {
  const { edgeVisits, edgeChild, meanValueBlack, meanScoreBlack } = graph;
  const { meanScoreSquare, meanUtilityBlack, meanUtilitySquare } = graph;
  const first = graph.firstEdge[node];
  const end = first + graph.reached[node];
  const stdev = graph.scoreStdev[node];
  const ownScore = graph.scoreBlack[node];
  const ownUtility = graph.utilityBlack[node];
  let visits = 1;
  let value = graph.valueBlack[node];
  let score = ownScore;
  let scoreSquare = ownScore * ownScore + stdev * stdev;
  let worth = ownUtility;
  let worthSquare = ownUtility * ownUtility;
  for (let edge = first; edge < end; edge++) {
    const n = edgeVisits[edge];
    if (n === 0) continue;
    const child = edgeChild[edge];
    visits += n;
    value += n * meanValueBlack[child];
    score += n * meanScoreBlack[child];
    scoreSquare += n * meanScoreSquare[child];
    worth += n * meanUtilityBlack[child];
    worthSquare += n * meanUtilitySquare[child];
  }
  if (graph.state[node] === EXPANDED) graph.visits[node] = visits;
  meanValueBlack[node] = value / visits;
  meanScoreBlack[node] = score / visits;
  meanScoreSquare[node] = scoreSquare / visits;
  meanUtilityBlack[node] = worth / visits;
  meanUtilitySquare[node] = worthSquare / visits;
}

/** Gives a node its own evaluation, from Black's side, before its edges have any visits. */
export function setOwnValue(
  graph: SearchGraph,
  node: number,
  value: number,
  score: number,
  scoreStdev: number,
  worth: number,
): void {
  graph.valueBlack[node] = value;
  graph.scoreBlack[node] = score;
  graph.scoreStdev[node] = scoreStdev;
  graph.utilityBlack[node] = worth;
  renewMeans(graph, node);
}

/** Values every node anew after the root, its edges or what its score is compared with have changed. Nothing is pending. */
export function revalue(
  graph: SearchGraph,
  centreBlack: number,
  area: number,
  parameters: SearchParameters,
): void {
  for (const node of graph.postOrder()) {
    if (graph.state[node] !== EXPANDED && graph.state[node] !== TERMINAL) continue;
    graph.utilityBlack[node] = utility(
      graph.valueBlack[node],
      graph.scoreBlack[node],
      graph.scoreStdev[node],
      centreBlack,
      area,
      parameters,
    );
    renewMeans(graph, node);
  }
}

/** The standard deviation of what has this mean, and this mean of its squares. */
export function deviation(mean: number, meanOfSquare: number): number {
  return Math.sqrt(Math.max(0, meanOfSquare - mean ** 2));
}

/** Standard deviation of the final score as the node's means see it, in points; NaN where evaluations have none. */
export function scoreDeviation(graph: SearchGraph, node: number): number {
  return deviation(graph.meanScoreBlack[node], graph.meanScoreSquare[node]);
}
