/** What a node is given when it is made and evaluated: edges, priors and a value of its own. */
import type { PositionCursor } from '#engine/go/cursor.ts';
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { Evaluation } from './evaluator.ts';
import { EXPANDED, TERMINAL } from './graph.ts';
import type { SearchGraph } from './graph.ts';
import { setOwnValue } from './node-value.ts';
import { isAllowed, restricts } from './restrictions.ts';
import type { SearchOptions } from './restrictions.ts';
import { utility } from './score-utility.ts';
import type { Setting } from './setting.ts';

/** How far a float32 tanh, summed in another order on another backend, may leave [-1, 1]. Our choice. */
const VALUE_SLACK = 1e-4;

/**
 * Gives `node`, where the cursor stands, an edge for each legal move that the options allow, in index order; for a pass
 * where none is left. Their priors come with the evaluation.
 */
export function addLegalEdges(
  graph: SearchGraph,
  node: number,
  cursor: PositionCursor,
  options: SearchOptions,
): void {
  const moves = cursor.board.area + 1;
  graph.reserveEdges(moves);
  const first = graph.edgeCount;
  const { toPlay, depth } = cursor;
  const isFree = !restricts(options);
  let count = 0;
  for (let move = 0; move < moves; move++)
    if (cursor.isLegal(move) && (isFree || isAllowed(options, move, toPlay, depth)))
      graph.edgeMove[first + count++] = move;
  if (count === 0) graph.edgeMove[first + count++] = moves - 1;
  graph.addEdges(node, count);
}

/** Makes `node` terminal with the outcome of a finished game, in points for Black. */
export function endGame(
  graph: SearchGraph,
  node: number,
  score: number,
  area: number,
  { centreBlack, parameters }: Pick<Setting, 'centreBlack' | 'parameters'>,
): void {
  graph.state[node] = TERMINAL;
  const value = Math.sign(score);
  setOwnValue(graph, node, value, score, 0, utility(value, score, 0, centreBlack, area, parameters));
}

/**
 * Gives a pending node, which has its edges, its evaluation: their priors are the softmax of the logits of its legal moves.
 * @param area points of the board.
 */
export function expand(
  { graph, parameters, centreBlack }: Pick<Setting, 'graph' | 'parameters' | 'centreBlack'>,
  node: number,
  area: number,
  evaluation: Evaluation,
): void {
  const sign = signFor(graph.toPlay[node] as Color);
  const { policyLogits, valueToPlay, scoreToPlay, scoreStdev, ownershipToPlay } = evaluation;
  if (policyLogits.length !== area + 1 || !(Math.abs(valueToPlay) <= 1 + VALUE_SLACK))
    throw new Error(
      `internal: an evaluation with ${policyLogits.length} logits for ${area + 1} moves and value ${valueToPlay}`,
    );
  setPriors(graph, node, policyLogits);
  graph.state[node] = EXPANDED;
  const value = sign * valueToPlay;
  const score = sign * scoreToPlay;
  const worth = utility(value, score, scoreStdev, centreBlack, area, parameters);
  setOwnValue(graph, node, value, score, scoreStdev, worth);
  for (let p = 0; p < graph.ownershipPoints; p++)
    graph.ownershipBlack[node * area + p] = Math.round(127 * sign * (ownershipToPlay?.[p] ?? 0));
}

/** Writes the softmax of the logits of a node's moves as their priors. @param policyLogits float32 [A]. */
function setPriors(graph: SearchGraph, node: number, policyLogits: Float32Array): void {
  const { edgeMove, edgePrior } = graph;
  const first = graph.firstEdge[node];
  const end = first + graph.edges[node];
  let most = -Infinity;
  for (let edge = first; edge < end; edge++) most = Math.max(most, policyLogits[edgeMove[edge]]);
  let sum = 0;
  for (let edge = first; edge < end; edge++) {
    const weight = Math.exp(policyLogits[edgeMove[edge]] - most);
    edgePrior[edge] = weight;
    sum += weight;
  }
  if (!Number.isFinite(sum)) throw new Error(`internal: policy logits sum to ${sum} after softmax`);
  for (let edge = first; edge < end; edge++) edgePrior[edge] /= sum;
  graph.frontLikeliest(node);
}
