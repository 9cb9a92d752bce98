/** What a search thinks of each move at its root. */
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { Move } from '#engine/go/view.ts';
import { boundRadius } from './choose.ts';
import type { SearchGraph } from './graph.ts';
import { scoreDeviation } from './node-value.ts';
import type { SearchParameters } from './parameters.ts';
import { treeOwnershipBlack } from './tree-ownership.ts';

export type MoveAnalysis = {
  readonly move: Move;
  /** 0 = the best, as the choice of the move ranks them. */
  readonly order: number;
  /** Of the position after the move, and of the move itself. */
  readonly visits: number;
  readonly edgeVisits: number;
  /** Softmax of the evaluator's logits over the legal moves, before noise. */
  readonly prior: number;
  /** Mean win rate and a lower confidence bound of it, in [0, 1]: half as far below it as that of the utility, whose range is twice as wide, times the share of wins in the utility (KataGo's getHackedLCBForWinrate). */
  readonly winrateToPlay: number;
  readonly lcbToPlay: number;
  /** Expected final score and its standard deviation, in points; NaN where the evaluator has none. */
  readonly scoreToPlay: number;
  readonly scoreStdev: number;
  /** What the search maximises, and the lower confidence bound by which moves are chosen. */
  readonly utilityToPlay: number;
  readonly utilityLcbToPlay: number;
  /** Of the move in its parent's mean. */
  readonly weight: number;
  /** The most visited line, `move` first, and the visits of each of its moves. */
  readonly pv: readonly Move[];
  readonly pvVisits: readonly number[];
  /** float32 [width * height] in [-1, 1], the mean over what was seen after the move; null unless `movesOwnership` asks for it. */
  readonly ownershipBlack: Float32Array | null;
};

/**
 * The visited moves of the root: `best` first, then by visits, ties by prior. @param policy float32 [A], before noise.
 * @param weights of the root's reached edges in its mean.
 */
export function analyseMoves(
  graph: SearchGraph,
  best: Move | 'resign',
  policy: Float32Array,
  weights: ArrayLike<number>,
  { lcbDeviations, pvLength, staticScoreWeight, dynamicScoreWeight }: SearchParameters,
  tellOwnership: boolean,
): MoveAnalysis[] {
  const { root } = graph;
  const sign = signFor(graph.toPlay[root] as Color);
  const first = graph.firstEdge[root];
  const found: Omit<MoveAnalysis, 'order'>[] = [];
  for (let edge = first; edge < first + graph.reached[root]; edge++) {
    const move = graph.edgeMove[edge];
    const child = graph.edgeChild[edge];
    const edgeVisits = graph.edgeVisits[edge];
    if (edgeVisits === 0) continue;
    const winrateToPlay = (1 + sign * graph.meanValueBlack[child]) / 2;
    const utilityToPlay = sign * graph.meanUtilityBlack[child];
    const radius = boundRadius(graph, child, lcbDeviations);
    found.push({
      move,
      visits: graph.visits[child],
      edgeVisits,
      prior: policy[move],
      winrateToPlay,
      lcbToPlay: Math.max(0, winrateToPlay - radius / 2 / (1 + staticScoreWeight + dynamicScoreWeight)),
      scoreToPlay: sign * graph.meanScoreBlack[child],
      scoreStdev: scoreDeviation(graph, child),
      utilityToPlay,
      utilityLcbToPlay: utilityToPlay - radius,
      weight: weights[edge - first],
      ...principalVariation(graph, edge, 1 + pvLength),
      ownershipBlack: tellOwnership ? treeOwnershipBlack(graph, child) : null,
    });
  }
  const rank = ({ move, edgeVisits }: Omit<MoveAnalysis, 'order'>): number =>
    move === best ? Infinity : edgeVisits;
  return found
    .sort((a, b) => (rank(b) === rank(a) ? b.prior - a.prior : rank(b) - rank(a)))
    .map((move, order) => ({ order, ...move }));
}

/** The most visited line that begins with `edge`, up to `most` moves, and its edges' visits. */
function principalVariation(
  graph: SearchGraph,
  edge: number,
  most: number,
): { pv: Move[]; pvVisits: number[] } {
  const pv: Move[] = [];
  const pvVisits: number[] = [];
  while (edge >= 0 && pv.length < most) {
    pv.push(graph.edgeMove[edge]);
    pvVisits.push(graph.edgeVisits[edge]);
    const node = graph.edgeChild[edge];
    edge = -1;
    let mostVisits = 0;
    const first = graph.firstEdge[node];
    for (let e = first; e < first + graph.reached[node]; e++)
      if (graph.edgeVisits[e] > mostVisits) {
        mostVisits = graph.edgeVisits[e];
        edge = e;
      }
  }
  return { pv, pvVisits };
}
