/** What a search thinks of each move at its root. */
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { Move } from '#engine/go/view.ts';
import { boundRadius } from './choose.ts';
import type { SearchParameters } from './parameters.ts';
import { EXPANDED, ROOT } from './tree.ts';
import type { SearchTree } from './tree.ts';

export type MoveAnalysis = {
  readonly move: Move;
  /** 0 = the best, as the choice of the move ranks them. */
  readonly order: number;
  /** Of the position after the move, and of the move itself. */
  readonly visits: number;
  readonly edgeVisits: number;
  /** Softmax of the evaluator's logits over the legal moves, before noise. */
  readonly prior: number;
  /** Mean win rate and a lower confidence bound of it, in [0, 1]. */
  readonly winrateToPlay: number;
  readonly lcbToPlay: number;
  /** Expected final score and its standard deviation, in points; NaN where the evaluator has none. */
  readonly scoreToPlay: number;
  readonly scoreStdev: number;
  /** What the search maximises. */
  readonly utilityToPlay: number;
  /** Of the move in its parent's mean. */
  readonly weight: number;
  /** The most visited line, `move` first, and the visits of each of its moves. */
  readonly pv: readonly Move[];
  readonly pvVisits: readonly number[];
};

/** Longest line that is told, in moves. */
const PV_LENGTH = 12;

/** The visited moves of the root: `best` first, then by visits, ties by prior. @param policy float32 [A], before noise. */
export function analyseMoves(
  tree: SearchTree,
  best: Move | 'resign',
  policy: Float32Array,
  { lcbDeviations }: SearchParameters,
): MoveAnalysis[] {
  const sign = signFor(tree.toPlay[ROOT] as Color);
  const first = tree.firstEdge[ROOT];
  const found: Omit<MoveAnalysis, 'order'>[] = [];
  for (let edge = first; edge < first + tree.reached[ROOT]; edge++) {
    const move = tree.edgeMove[edge];
    const child = tree.edgeChild[edge];
    const visits = tree.visits[child];
    if (visits === 0) continue;
    const winrateToPlay = (1 + (sign * tree.valueSumBlack[child]) / visits) / 2;
    found.push({
      move,
      visits,
      edgeVisits: visits,
      prior: policy[move],
      winrateToPlay,
      // Half, because utility spans 2 where a win rate spans 1.
      lcbToPlay: Math.max(0, winrateToPlay - boundRadius(tree, child, lcbDeviations) / 2),
      scoreToPlay: (sign * tree.scoreSumBlack[child]) / visits,
      scoreStdev: NaN,
      utilityToPlay: (sign * tree.utilitySumBlack[child]) / visits,
      weight: visits,
      ...principalVariation(tree, edge),
    });
  }
  const rank = ({ move, edgeVisits }: Omit<MoveAnalysis, 'order'>): number =>
    move === best ? Infinity : edgeVisits;
  return found
    .sort((a, b) => (rank(b) === rank(a) ? b.prior - a.prior : rank(b) - rank(a)))
    .map((move, order) => ({ order, ...move }));
}

/** The most visited line that begins with the reached edge `edge`. */
function principalVariation(tree: SearchTree, edge: number): { pv: Move[]; pvVisits: number[] } {
  const pv: Move[] = [];
  const pvVisits: number[] = [];
  while (edge >= 0 && pv.length < PV_LENGTH) {
    pv.push(tree.edgeMove[edge]);
    const node = tree.edgeChild[edge];
    pvVisits.push(tree.visits[node]);
    edge = -1;
    if (tree.state[node] !== EXPANDED) break;
    let most = 0;
    const first = tree.firstEdge[node];
    for (let e = first; e < first + tree.reached[node]; e++)
      if (tree.visits[tree.edgeChild[e]] > most) {
        most = tree.visits[tree.edgeChild[e]];
        edge = e;
      }
  }
  return { pv, pvVisits };
}
