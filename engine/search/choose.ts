/** Which move to play once the search is done. */
import { BLACK, signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { drawIndex } from '#engine/go/draws.ts';
import type { Rng } from '#engine/go/random.ts';
import { whiteBonus } from '#engine/go/scoring.ts';
import type { Move, PositionView } from '#engine/go/view.ts';
import { unforcedVisits } from './forced-playouts.ts';
import { EXPANDED } from './graph.ts';
import type { SearchGraph } from './graph.ts';
import { gumbelMeans } from './gumbel.ts';
import type { SearchParameters } from './parameters.ts';

/**
 * `deviations` standard errors of the mean utility of a visited node. One sample whose square is larger by 1, and whose
 * weight falls with the square of the visits, keeps two visits that agree from being a certainty (as KataGo's
 * getSelfUtilityLCBAndRadius, whose sample is larger by the square of the largest utility).
 */
export function boundRadius(graph: SearchGraph, node: number, deviations: number): number {
  const n = graph.visits[node];
  const squareOfMean = graph.meanUtilityBlack[node] ** 2;
  const meanOfSquare = Math.max(squareOfMean, graph.meanUtilitySquare[node]);
  const weight = 1 / (n * n);
  const variance = (meanOfSquare * n + (meanOfSquare + 1) * weight) / (n + weight) - squareOfMean;
  const samples = (n + weight) ** 2 / (n + weight * weight);
  return deviations * Math.sqrt(variance / samples);
}

/** Points that a handicap stone gives, twice a fair komi. */
const STONE = 14;
/** Of the board's points: moves by which White should have made up for the handicap. */
const CAUGHT_UP = 0.6;

/**
 * By how many points White may be behind without giving up, in a game in which Black was given stones: by what they were
 * worth, less of it from move to move, and always 5 points and 15% of that worth more (KataGo's engine goes by such a
 * schedule); -Infinity in other games and for Black.
 */
function handicapDeficit({ board, handicap, moveNumber, rules, toPlay }: PositionView): number {
  if (handicap < 2 || toPlay === BLACK) return -Infinity;
  const worth = Math.max(0, (handicap - 0.5) * STONE - whiteBonus(rules, handicap));
  const left = Math.max(0, 1 - moveNumber / (CAUGHT_UP * board.area));
  return worth * (left + 0.15) + 5;
}

/**
 * What the end of the game decides without comparing moves: that there is nothing to play, to resign, or a pass that
 * answers one; null where moves are to be compared.
 * @param endScore Black's score if the game ended at a position. @param mayPass whether whoever asks allows it.
 */
export function chooseEnd(
  graph: SearchGraph,
  position: PositionView,
  parameters: SearchParameters,
  endScore: (position: PositionView) => number,
  mayPass: boolean,
): Move | 'resign' | null {
  const { root } = graph;
  const pass = position.board.area;
  if (graph.state[root] !== EXPANDED) return pass;
  const sign = signFor(position.toPlay);
  const means = (): { value: number; score: number } =>
    parameters.algorithm === 'gumbel'
      ? gumbelMeans(graph, parameters)
      : { value: graph.meanValueBlack[root], score: graph.meanScoreBlack[root] };
  const winrate = (value: number): number => (1 + sign * value) / 2;
  // The opinion of an evaluator that was asked once is no ground to give up.
  if (position.moveNumber >= parameters.resignAfter * position.board.area && graph.visits[root] > 1) {
    const { value, score } = means();
    const isBehind = !(sign * score > -handicapDeficit(position));
    if (winrate(value) < parameters.resignBelow && isBehind) return 'resign';
  }
  if (position.consecutivePasses !== 1 || !mayPass) return null;
  const scoreToPlay = sign * endScore(position);
  // A second pass that wins ends the game, and nothing can be surer; one that ends a lost game spares its moves.
  if (scoreToPlay > 0 && graph.findEdge(root, pass) >= 0) return pass;
  return scoreToPlay < 0 && winrate(means().value) < parameters.passBelow ? pass : null;
}

/** PUCT's move at an expanded root, drawn by the temperature, which is above 0. */
export function drawMove(graph: SearchGraph, parameters: SearchParameters, rng: Rng): Move {
  const weights = rootWeights(graph, parameters);
  return graph.edgeMove[graph.firstEdge[graph.root] + sample(weights, parameters.temperature, rng)];
}

/** PUCT's best move at an expanded root, by visits and bound. */
export function bestMove(graph: SearchGraph, parameters: SearchParameters): Move {
  const { root } = graph;
  const first = graph.firstEdge[root];
  const weights = rootWeights(graph, parameters);
  let best = weights.indexOf(Math.max(...weights));
  if (parameters.lcbDeviations > 0 && graph.visits[root] > 1) {
    const sign = signFor(graph.toPlay[root] as Color);
    // A single visit has no variance to speak of.
    const enough = Math.max(2, parameters.lcbVisitShare * weights[best]);
    let bestBound = -Infinity;
    for (let i = 0; i < weights.length; i++) {
      if (weights[i] < enough) continue;
      const child = graph.edgeChild[first + i];
      const bound =
        sign * graph.meanUtilityBlack[child] - boundRadius(graph, child, parameters.lcbDeviations);
      if (bound > bestBound) {
        bestBound = bound;
        best = i;
      }
    }
  }
  return graph.edgeMove[first + best];
}

/** float64: visits of the root's reached edges, forced playouts left out, or priors of all its edges where none has been searched. */
function rootWeights(graph: SearchGraph, parameters: SearchParameters): Float64Array {
  if (graph.visits[graph.root] > 1) return unforcedVisits(graph, parameters);
  const first = graph.firstEdge[graph.root];
  return Float64Array.from(graph.edgePrior.subarray(first, first + graph.edges[graph.root]));
}

/** Draws an index with probability proportional to weight ** (1 / temperature). */
function sample(weights: Float64Array, temperature: number, rng: Rng): number {
  const most = Math.max(...weights);
  return drawIndex(
    weights.map((weight) => (weight / most) ** (1 / temperature)),
    rng,
  );
}
