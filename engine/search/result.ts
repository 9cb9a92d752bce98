/** What a search tells about its root. */
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { Move } from '#engine/go/view.ts';
import { analyseMoves } from './analysis.ts';
import type { MoveAnalysis } from './analysis.ts';
import type { SearchParameters } from './parameters.ts';
import { ROOT } from './tree.ts';
import type { SearchTree } from './tree.ts';

export type SearchResult = {
  readonly move: Move | 'resign';
  /** The moves searched, best first. */
  readonly moves: readonly MoveAnalysis[];
  /** Visits of the root. */
  readonly rootVisits: number;
  /** In [0, 1]. */
  readonly winrateBlack: number;
  /** Expected points with komi; NaN where the evaluator has none. */
  readonly scoreBlack: number;
  /** Of the final score in points; NaN where the evaluator has none. */
  readonly scoreStdev: number;
  /** What the search maximises for Black. */
  readonly utilityBlack: number;
  /** float32 [A]: priors before noise and root pruning, 0 for illegal moves. */
  readonly policy: Float32Array;
  /** int32 [A]: visits of each root move. */
  readonly visits: Int32Array;
  /** float32 [A]: mean win rate of each visited root move for the side to move, NaN elsewhere. */
  readonly winrateToPlay: Float32Array;
  /** The line expected after `move`, which is its first; empty where that resigns. */
  readonly pv: readonly Move[];
  /** float32 [width * height] in [-1, 1] from the evaluation of the root; null where the evaluator has none. */
  readonly ownershipBlack: Float32Array | null;
};

/** float32 [area + 1]: the priors of the root's moves, 0 for the others. */
export function readPolicy(tree: SearchTree, area: number): Float32Array {
  const policy = new Float32Array(area + 1);
  const first = tree.firstEdge[ROOT];
  for (let edge = first; edge < first + tree.edges[ROOT]; edge++)
    policy[tree.edgeMove[edge]] = tree.edgePrior[edge];
  return policy;
}

/** @param move the one chosen. @param policy as `readPolicy` gave it, before noise. @param scoreStdev of the root. */
export function readResult(
  tree: SearchTree,
  move: Move | 'resign',
  policy: Float32Array,
  parameters: SearchParameters,
  root: { readonly scoreStdev: number; readonly ownershipBlack: Float32Array | null },
): SearchResult {
  const sign = signFor(tree.toPlay[ROOT] as Color);
  const visits = new Int32Array(policy.length);
  const winrateToPlay = new Float32Array(policy.length).fill(NaN);
  const first = tree.firstEdge[ROOT];
  for (let edge = first; edge < first + tree.reached[ROOT]; edge++) {
    const child = tree.edgeChild[edge];
    if (tree.visits[child] === 0) continue;
    visits[tree.edgeMove[edge]] = tree.visits[child];
    winrateToPlay[tree.edgeMove[edge]] = (1 + (sign * tree.valueSumBlack[child]) / tree.visits[child]) / 2;
  }
  const moves = analyseMoves(tree, move, policy, parameters);
  return {
    move,
    moves,
    rootVisits: tree.visits[ROOT],
    winrateBlack: (1 + tree.valueSumBlack[ROOT] / tree.visits[ROOT]) / 2,
    scoreBlack: tree.scoreSumBlack[ROOT] / tree.visits[ROOT],
    scoreStdev: root.scoreStdev,
    utilityBlack: tree.utilitySumBlack[ROOT] / tree.visits[ROOT],
    policy,
    visits,
    winrateToPlay,
    pv: move === 'resign' ? [] : (moves.find((known) => known.move === move)?.pv ?? [move]),
    ownershipBlack: root.ownershipBlack,
  };
}
