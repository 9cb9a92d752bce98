/** A wider search at the root, for whoever wants to see more moves judged (KataGo's wideRootNoise), and means that leave out what it adds. */
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { gaussian } from '#engine/go/draws.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Move } from '#engine/go/view.ts';
import type { SearchGraph } from './graph.ts';
import { gumbelMeans } from './gumbel.ts';
import type { RootMeans } from './gumbel.ts';
import type { SearchParameters } from './parameters.ts';
import { explorationScale, reachedUtility, unvisitedUtility } from './puct.ts';

/**
 * PUCT at the root with noise w: P(a) to the power of 1 / (4 w + 1), and to Q(a), drawn anew for each move at each choice,
 * half the time w |x| added, x of the standard normal distribution (KataGo's wideRootNoise).
 * @returns the edge.
 */
export function selectWide(graph: SearchGraph, parameters: SearchParameters, rng: Rng): number {
  const { root, edgePrior, edgeChild, edgeVisits, pendingVisits } = graph;
  const { wideRootNoise } = parameters;
  const sign = signFor(graph.toPlay[root] as Color);
  const first = graph.firstEdge[root];
  const frontier = first + graph.reached[root];
  const visitsOf = (edge: number): number => edgeVisits[edge] + pendingVisits[edgeChild[edge]];
  let total = 0;
  let visitedPrior = 0;
  for (let edge = first; edge < frontier; edge++) {
    total += visitsOf(edge);
    visitedPrior += edgePrior[edge];
  }
  const scale = explorationScale(graph, root, total, parameters);
  const unvisited = unvisitedUtility(graph, root, visitedPrior, parameters);
  const urgency = (edge: number): number => {
    const isReached = edge < frontier;
    const q = isReached ? reachedUtility(graph, edge, sign, unvisited, parameters) : unvisited;
    const prior = edgePrior[edge] ** (1 / (4 * wideRootNoise + 1));
    return q + wideBonus(wideRootNoise, rng) + (scale * prior) / (1 + (isReached ? visitsOf(edge) : 0));
  };
  let best = -1;
  let most = -Infinity;
  // Of the moves not reached only the likeliest is looked at, as everywhere.
  const end = Math.min(frontier + 1, first + graph.edges[root]);
  for (let edge = first; edge < end; edge++) {
    const found = urgency(edge);
    if (found <= most) continue;
    most = found;
    best = edge;
  }
  return best;
}

/** Half the time 0, otherwise |x| of a normal distribution with this standard deviation. */
export function wideBonus(noise: number, rng: Rng): number {
  return rng.nextFloat() < 0.5 ? 0 : noise * Math.abs(gaussian(rng));
}

/** What the root is worth to Black, and with which weights. */
type WeightedMeans = RootMeans & {
  /** [reached]: of each edge in the order of moves; in the means too, where the root's own evaluation weighs 1, but for Gumbel's. */
  readonly weights: ArrayLike<number>;
};

/**
 * The root's means over the visits that PUCT makes without noise (see `soberWeights`), so that looking at bad moves makes
 * the position no worse; those of the graph where there is none.
 * @param best the move chosen.
 */
export function rootMeans(
  graph: SearchGraph,
  best: Move | 'resign',
  parameters: SearchParameters,
): WeightedMeans {
  const { root, edgeChild, meanValueBlack, meanScoreBlack, meanScoreSquare, meanUtilityBlack } = graph;
  const first = graph.firstEdge[root];
  const visits = graph.edgeVisits.subarray(first, first + graph.reached[root]);
  if (parameters.algorithm === 'gumbel') return { weights: visits, ...gumbelMeans(graph, parameters) };
  if (parameters.wideRootNoise === 0)
    return {
      weights: visits,
      value: meanValueBlack[root],
      score: meanScoreBlack[root],
      scoreSquare: meanScoreSquare[root],
      utility: meanUtilityBlack[root],
    };
  const weights = soberWeights(graph, visits, best, parameters);
  const sum = weights.reduce((a, b) => a + b, 1);
  const mean = (own: number, means: Float32Array): number => {
    const add = (all: number, weight: number, i: number): number =>
      weight === 0 ? all : all + weight * means[edgeChild[first + i]];
    return weights.reduce(add, own) / sum;
  };
  const score = graph.scoreBlack[root];
  return {
    weights,
    value: mean(graph.valueBlack[root], meanValueBlack),
    score: mean(score, meanScoreBlack),
    scoreSquare: mean(score * score + graph.scoreStdev[root] ** 2, meanScoreSquare),
    utility: mean(graph.utilityBlack[root], meanUtilityBlack),
  };
}

/**
 * The visits of each reached edge of the root, but no more than bring its urgency down to that of the best move: the n of
 * Q(a) + scale * P(a) / (1 + n) = Q(best) + scale * P(best) / (1 + N(best)). KataGo weighs moves so when it chooses one.
 * The most visited move stands for a best one without visits.
 */
function soberWeights(
  graph: SearchGraph,
  visits: Int32Array,
  best: Move | 'resign',
  parameters: SearchParameters,
): Float64Array {
  const { root, edgePrior, edgeChild, edgeMove, meanUtilityBlack } = graph;
  const sign = signFor(graph.toPlay[root] as Color);
  const first = graph.firstEdge[root];
  const chosen = visits.findIndex((n, i) => n > 0 && edgeMove[first + i] === best);
  const at = chosen >= 0 ? chosen : visits.indexOf(visits.reduce((a, b) => Math.max(a, b), 0));
  const total = visits.reduce((a, b) => a + b, 0);
  const scale = explorationScale(graph, root, total, parameters);
  const worth = (i: number): number => sign * meanUtilityBlack[edgeChild[first + i]];
  const urgency = worth(at) + (scale * edgePrior[first + at]) / (1 + visits[at]);
  return Float64Array.from(visits, (n, i) => {
    const lack = urgency - worth(i);
    return i === at || lack <= 0 ? n : Math.min(n, Math.max(0, (scale * edgePrior[first + i]) / lack - 1));
  });
}
