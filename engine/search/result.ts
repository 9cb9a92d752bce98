/** What a search tells about its root. */
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { Move } from '#engine/go/view.ts';
import { analyseMoves } from './analysis.ts';
import type { MoveAnalysis } from './analysis.ts';
import type { SearchGraph } from './graph.ts';
import { deviation } from './node-value.ts';
import type { SearchParameters } from './parameters.ts';
import { policyTarget } from './policy-target.ts';
import { rootMeans } from './wide-root.ts';

export type SearchResult = {
  readonly move: Move | 'resign';
  /** The moves searched, best first. */
  readonly moves: readonly MoveAnalysis[];
  /** Visits of the root. */
  readonly rootVisits: number;
  /** Whether the graph has all of `maxMegabytes`, so that there are no more visits. */
  readonly isFull: boolean;
  /** In [0, 1]. */
  readonly winrateBlack: number;
  /** Expected points with komi; NaN where the evaluator has none. */
  readonly scoreBlack: number;
  /** Of the final score in points; NaN where the evaluator has none. */
  readonly scoreStdev: number;
  /** What the search maximises for Black. */
  readonly utilityBlack: number;
  /** What the evaluator alone thinks of the root: in [0, 1], points, and their deviation; NaN where it has none. */
  readonly rawWinrateBlack: number;
  readonly rawScoreBlack: number;
  readonly rawScoreStdev: number;
  /** float32 [A]: priors before noise and root pruning, 0 for illegal moves; those that options forbid have theirs, as in KataGo. */
  readonly policy: Float32Array;
  /** int32 [A]: visits of each root move. */
  readonly visits: Int32Array;
  /** float32 [A]: mean win rate of each visited root move for the side to move, NaN elsewhere. */
  readonly winrateToPlay: Float32Array;
  /** The line expected after `move`, which is its first; empty where that resigns. */
  readonly pv: readonly Move[];
  /** float32 [A]: what a policy learns from the search (see policy-target.ts). */
  readonly policyTarget: Float32Array;
  /** float32 [width * height] in [-1, 1] from the evaluation of the root, or as the mean over the tree where `treeOwnership` is set; null where the evaluator has none. */
  readonly ownershipBlack: Float32Array | null;
};

/** float32 [area + 1]: the priors of the root's moves, 0 for the others. */
export function readPolicy(graph: SearchGraph, area: number): Float32Array {
  const policy = new Float32Array(area + 1);
  const first = graph.firstEdge[graph.root];
  for (let edge = first; edge < first + graph.edges[graph.root]; edge++)
    policy[graph.edgeMove[edge]] = graph.edgePrior[edge];
  return policy;
}

/** @param chosen the move to play and the best one, which is another where moves are drawn. @param policy float32 [A], before noise. */
export function readResult(
  graph: SearchGraph,
  { move, best }: { readonly move: Move | 'resign'; readonly best: Move | 'resign' },
  policy: Float32Array,
  parameters: SearchParameters,
  ownershipBlack: Float32Array | null,
): SearchResult {
  const { root } = graph;
  const sign = signFor(graph.toPlay[root] as Color);
  const visits = new Int32Array(policy.length);
  const winrateToPlay = new Float32Array(policy.length).fill(NaN);
  const first = graph.firstEdge[root];
  for (let edge = first; edge < first + graph.reached[root]; edge++) {
    if (graph.edgeVisits[edge] === 0) continue;
    visits[graph.edgeMove[edge]] = graph.edgeVisits[edge];
    winrateToPlay[graph.edgeMove[edge]] = (1 + sign * graph.meanValueBlack[graph.edgeChild[edge]]) / 2;
  }
  const tellOwnership = parameters.treeOwnership && parameters.movesOwnership && ownershipBlack !== null;
  const means = rootMeans(graph, best, parameters);
  const moves = analyseMoves(graph, best, policy, means.weights, parameters, tellOwnership);
  return {
    move,
    moves,
    rootVisits: graph.visits[root],
    isFull: graph.isFull(parameters.maxMegabytes),
    winrateBlack: (1 + means.value) / 2,
    scoreBlack: means.score,
    scoreStdev: deviation(means.score, means.scoreSquare),
    utilityBlack: means.utility,
    rawWinrateBlack: (1 + graph.valueBlack[root]) / 2,
    rawScoreBlack: graph.scoreBlack[root],
    rawScoreStdev: graph.scoreStdev[root],
    policy,
    visits,
    winrateToPlay,
    pv: move === 'resign' ? [] : (moves.find((known) => known.move === move)?.pv ?? [move]),
    policyTarget: policyTarget(graph, policy.length, parameters),
    ownershipBlack,
  };
}
