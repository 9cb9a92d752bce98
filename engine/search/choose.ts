/** Which move to play once the search is done. */
import { signFor } from '#engine/go/color.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Move, PositionView } from '#engine/go/view.ts';
import type { SearchParameters } from './parameters.ts';
import { EXPANDED, NO_NODE, ROOT } from './tree.ts';
import type { SearchTree } from './tree.ts';

/** `deviations` standard errors of the mean utility of a visited node. */
export function boundRadius(tree: SearchTree, child: number, deviations: number): number {
  const n = tree.visits[child];
  const mean = tree.utilitySumBlack[child] / n;
  // Two visits that agree are no certainty: one more whose utility is off by 1, half the range, keeps the variance honest. Our choice.
  const variance = Math.max(0, tree.utilitySquareSum[child] / n - mean * mean) + 1 / n;
  return deviations * Math.sqrt(variance / n);
}

/** float64 [edges of the root]: visits, or priors where no move has been searched. */
function rootWeights(tree: SearchTree): Float64Array {
  const first = tree.firstEdge[ROOT];
  const weights = new Float64Array(tree.edges[ROOT]);
  const searched = tree.reached[ROOT] > 0;
  for (let i = 0; i < weights.length; i++) {
    const child = tree.edgeChild[first + i];
    weights[i] = searched ? (child === NO_NODE ? 0 : tree.visits[child]) : tree.edgePrior[first + i];
  }
  return weights;
}

/** Win rate below which a pass of the opponent is answered by a pass where the count is lost too. Our choice. */
const HOPELESS_WINRATE = 0.05;

/**
 * The move at the root of a search that has at least evaluated it: by temperature, or the best by visits and bound.
 * @param endScore Black's score if the game ended at a position.
 */
export function chooseMove(
  tree: SearchTree,
  position: PositionView,
  parameters: SearchParameters,
  endScore: (position: PositionView) => number,
  rng: Rng,
): Move | 'resign' {
  const pass = position.board.area;
  if (tree.state[ROOT] !== EXPANDED) return pass;
  const sign = signFor(position.toPlay);
  const winrateToPlay = (1 + (sign * tree.valueSumBlack[ROOT]) / tree.visits[ROOT]) / 2;
  const mayResign = position.moveNumber >= parameters.resignAfter * position.board.area;
  // The opinion of an evaluator that was asked once is no ground to give up.
  if (mayResign && tree.visits[ROOT] > 1 && winrateToPlay < parameters.resignBelow) return 'resign';

  if (position.consecutivePasses === 1) {
    const scoreToPlay = sign * endScore(position);
    // A second pass that wins ends the game, and nothing can be surer; one that ends a lost game spares its moves.
    if (scoreToPlay > 0 && tree.findEdge(ROOT, pass) >= 0) return pass;
    if (scoreToPlay < 0 && winrateToPlay < HOPELESS_WINRATE) return pass;
  }

  const first = tree.firstEdge[ROOT];
  const weights = rootWeights(tree);
  if (parameters.temperature > 0) return tree.edgeMove[first + sample(weights, parameters.temperature, rng)];
  let best = weights.indexOf(Math.max(...weights));
  if (parameters.lcbDeviations > 0 && tree.reached[ROOT] > 0) {
    // A single visit has no variance to speak of.
    const enough = Math.max(2, parameters.lcbVisitShare * weights[best]);
    let bestBound = -Infinity;
    for (let i = 0; i < weights.length; i++) {
      if (weights[i] < enough) continue;
      const child = tree.edgeChild[first + i];
      const bound =
        (sign * tree.utilitySumBlack[child]) / tree.visits[child] -
        boundRadius(tree, child, parameters.lcbDeviations);
      if (bound > bestBound) {
        bestBound = bound;
        best = i;
      }
    }
  }
  return tree.edgeMove[first + best];
}

/** Draws an index with probability proportional to weight ** (1 / temperature). */
function sample(weights: Float64Array, temperature: number, rng: Rng): number {
  const most = Math.max(...weights);
  const powers = weights.map((weight) => (weight / most) ** (1 / temperature));
  let left = rng.nextFloat() * powers.reduce((a, b) => a + b);
  for (let i = 0; i < powers.length; i++) {
    left -= powers[i];
    if (left < 0) return i;
  }
  return weights.indexOf(most);
}
