/** The three verbs of a search: simulate down to a leaf, expand it with its evaluation, back its value up. */
import type { PositionCursor } from '#engine/go/cursor.ts';
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import type { Evaluation } from './evaluator.ts';
import type { SearchParameters } from './parameters.ts';
import { selectEdge } from './puct.ts';
import { isAllowed } from './restrictions.ts';
import type { SearchOptions } from './restrictions.ts';
import { EXPANDED, NO_NODE, PENDING, ROOT, TERMINAL } from './tree.ts';
import type { SearchTree } from './tree.ts';
import { utility } from './utility.ts';

/** How far a float32 tanh, summed in another order on another backend, may leave [-1, 1]. Our choice. */
const VALUE_SLACK = 1e-4;

/**
 * Walks from the root by PUCT, playing on `cursor`, until a node that is new, terminal, or under evaluation for an
 * earlier simulation. Every node on the way, the leaf included, gets a pending visit.
 * @param endScore Black's score where the game is over.
 * @param options what restricts the moves.
 * @returns the node: new ones are PENDING with their legal moves as edges, or TERMINAL with their exact value; `collision` where it was PENDING before.
 */
export function simulate(
  tree: SearchTree,
  cursor: PositionCursor,
  parameters: SearchParameters,
  endScore: (cursor: PositionCursor) => number,
  options: SearchOptions,
): { node: number; collision: boolean } {
  let node = ROOT;
  tree.pendingVisits[ROOT]++;
  while (tree.state[node] === EXPANDED) {
    const edge = selectEdge(tree, node, parameters);
    cursor.play(tree.edgeMove[edge]);
    const child = tree.edgeChild[edge];
    if (child === NO_NODE) {
      node = tree.addChild(node, cursor.toPlay);
      if (cursor.isOver) endGame(tree, node, endScore(cursor));
      else addLegalEdges(tree, node, cursor, options);
      tree.pendingVisits[node]++;
      return { node, collision: false };
    }
    node = child;
    tree.pendingVisits[node]++;
  }
  return { node, collision: tree.state[node] === PENDING };
}

/**
 * Gives `node`, where the cursor stands, an edge for each legal move that the options allow, in index order; for a pass
 * where none is left. Their priors come with the evaluation.
 */
export function addLegalEdges(
  tree: SearchTree,
  node: number,
  cursor: PositionCursor,
  options: SearchOptions,
): void {
  const moves = cursor.board.area + 1;
  tree.reserveEdges(moves);
  const first = tree.edgeCount;
  const { toPlay, depth } = cursor;
  let count = 0;
  for (let move = 0; move < moves; move++)
    if (cursor.isLegal(move) && isAllowed(options, move, toPlay, depth))
      tree.edgeMove[first + count++] = move;
  if (count === 0) tree.edgeMove[first + count++] = moves - 1;
  tree.addEdges(node, count);
}

/** Makes `node` terminal with the outcome of a finished game, in points for Black. */
export function endGame(tree: SearchTree, node: number, score: number): void {
  tree.state[node] = TERMINAL;
  tree.valueBlack[node] = Math.sign(score);
  tree.scoreBlack[node] = score;
}

/** Gives up a simulation that met a pending leaf: its pending visits vanish. */
export function abandon(tree: SearchTree, leaf: number): void {
  for (let node = leaf; node !== NO_NODE; node = tree.parent[node]) tree.pendingVisits[node]--;
}

/**
 * Gives a pending node, which has its edges, its evaluation: their priors are the softmax of the logits of its legal moves.
 * @param area points of the board.
 */
export function expand(tree: SearchTree, node: number, area: number, evaluation: Evaluation): void {
  const sign = signFor(tree.toPlay[node] as Color);
  const { policyLogits, valueToPlay, scoreToPlay } = evaluation;
  if (policyLogits.length !== area + 1 || !(Math.abs(valueToPlay) <= 1 + VALUE_SLACK))
    throw new Error(
      `internal: an evaluation with ${policyLogits.length} logits for ${area + 1} moves and value ${valueToPlay}`,
    );
  const { edgeMove, edgePrior } = tree;
  const first = tree.firstEdge[node];
  const end = first + tree.edges[node];
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
  tree.frontLikeliest(node);
  tree.state[node] = EXPANDED;
  tree.valueBlack[node] = sign * valueToPlay;
  tree.scoreBlack[node] = sign * scoreToPlay;
}

/** Adds the leaf's own evaluation to it and all its ancestors, and ends the simulation's pending visits. */
export function backup(tree: SearchTree, leaf: number, area: number, scoreWeight: number): void {
  const value = tree.valueBlack[leaf];
  const score = tree.scoreBlack[leaf];
  const worth = utility(value, score, area, scoreWeight);
  for (let node = leaf; node !== NO_NODE; node = tree.parent[node]) {
    tree.pendingVisits[node]--;
    tree.visits[node]++;
    tree.valueSumBlack[node] += value;
    tree.scoreSumBlack[node] += score;
    tree.utilitySumBlack[node] += worth;
    tree.utilitySquareSum[node] += worth * worth;
  }
}
