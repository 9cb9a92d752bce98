/** The three verbs of a search: simulate down to a leaf, expand it with its evaluation, back its value up. */
import type { PositionCursor } from '#engine/go/cursor.ts';
import { signFor } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { scoreAsItStands } from './end-score.ts';
import type { Evaluation } from './evaluator.ts';
import { EXPANDED, NO_NODE, TERMINAL } from './graph.ts';
import type { SearchGraph } from './graph.ts';
import { renewMeans, setOwnValue } from './node-value.ts';
import type { SearchParameters } from './parameters.ts';
import { isAllowed, restricts } from './restrictions.ts';
import type { SearchOptions } from './restrictions.ts';
import { utility } from './score-utility.ts';
import { isSettled } from './settled.ts';
import type { Transpositions } from './transpositions.ts';

/** How a simulation ends: at a node to be evaluated, at one whose value is known, or at one under evaluation for another. */
export const LEAF = 0;
export const KNOWN = 1;
export const COLLISION = 2;
export type Outcome = typeof LEAF | typeof KNOWN | typeof COLLISION;

/** How far a float32 tanh, summed in another order on another backend, may leave [-1, 1]. Our choice. */
const VALUE_SLACK = 1e-4;

/** What one search's simulations share. */
export type Setting = {
  readonly graph: SearchGraph;
  readonly parameters: SearchParameters;
  /** What restricts the moves. */
  readonly options: SearchOptions;
  /** Where positions are found that were reached otherwise; null keeps a tree. */
  readonly transpositions: Transpositions | null;
  /** Black's score where the game is over. */
  readonly endScore: (cursor: PositionCursor) => number;
  /** What scores are compared with, for Black. */
  readonly centreBlack: number;
  /** The edge to follow from an expanded node; -1 to wait for evaluations under way. */
  readonly select: (node: number) => number;
};

/** The edges that a simulation followed from the root. */
export class Path {
  edges = new Int32Array(64);
  length = 0;

  push(edge: number): void {
    if (this.length === this.edges.length) {
      const longer = new Int32Array(2 * this.length);
      longer.set(this.edges);
      this.edges = longer;
    }
    this.edges[this.length++] = edge;
  }

  /** The node that the path leads to. */
  leaf(graph: SearchGraph): number {
    return this.length === 0 ? graph.root : graph.edgeChild[this.edges[this.length - 1]];
  }
}

/**
 * Walks from the root, playing on `cursor`, until a node that is new, terminal, under evaluation for another simulation, or
 * better known than this way to it, which then only has to catch up. Every node on the way gets a pending visit.
 * @param path is overwritten with the way.
 */
export function simulate(setting: Setting, cursor: PositionCursor, path: Path): Outcome {
  const { graph, select, transpositions } = setting;
  const checksRepetition = transpositions !== null && cursor.rules.ko !== 'simple';
  path.length = 0;
  let node = graph.root;
  graph.pendingVisits[node]++;
  while (graph.state[node] === EXPANDED) {
    let edge = select(node);
    if (edge >= 0 && checksRepetition && !cursor.isLegal(graph.edgeMove[edge]))
      edge = likeliestLegal(graph, node, cursor);
    if (edge < 0) return COLLISION;
    cursor.play(graph.edgeMove[edge]);
    let child = graph.edgeChild[edge];
    if (child === NO_NODE) {
      child = transpositions?.find(cursor) ?? NO_NODE;
      if (child === NO_NODE) child = addNode(setting, cursor);
      edge = graph.reach(node, edge, child);
    }
    path.push(edge);
    node = child;
    graph.pendingVisits[node]++;
    if (graph.edgeVisits[edge] < graph.visits[node]) return KNOWN;
  }
  if (graph.state[node] === TERMINAL) return KNOWN;
  return graph.pendingVisits[node] > 1 ? COLLISION : LEAF;
}

/** The move to follow where this way to a node bars the one selected: the most visited legal one, or the likeliest; -1 where none is. */
function likeliestLegal(graph: SearchGraph, node: number, cursor: PositionCursor): number {
  const first = graph.firstEdge[node];
  let best = -1;
  for (let edge = first; edge < first + graph.edges[node]; edge++) {
    if (!cursor.isLegal(graph.edgeMove[edge])) continue;
    const difference = best < 0 ? 1 : graph.edgeVisits[edge] - graph.edgeVisits[best];
    if (difference > 0 || (difference === 0 && graph.edgePrior[edge] > graph.edgePrior[best])) best = edge;
  }
  return best;
}

/** A node for the position at the cursor: terminal where the game is over or settled, otherwise with its legal moves as edges. */
function addNode(setting: Setting, cursor: PositionCursor): number {
  const { graph, transpositions } = setting;
  const node = graph.addNode(cursor.toPlay);
  transpositions?.add(node);
  const { area } = cursor.board;
  if (cursor.isOver) endGame(graph, node, setting.endScore(cursor), area, setting);
  else if (isSettled(cursor)) endGame(graph, node, scoreAsItStands(cursor), area, setting);
  else addLegalEdges(graph, node, cursor, setting.options);
  return node;
}

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

/** Counts the simulation along the path, whose last node has its value, and ends its pending visits. */
export function backup(graph: SearchGraph, path: Path): void {
  const leaf = path.leaf(graph);
  if (graph.state[leaf] === TERMINAL) graph.visits[leaf]++;
  for (let i = path.length - 1; i >= 0; i--) {
    const edge = path.edges[i];
    graph.pendingVisits[graph.edgeChild[edge]]--;
    graph.edgeVisits[edge]++;
    renewMeans(graph, i === 0 ? graph.root : graph.edgeChild[path.edges[i - 1]]);
  }
  graph.pendingVisits[graph.root]--;
}

/** Gives up the simulation along the path: its pending visits vanish. */
export function abandon(graph: SearchGraph, path: Path): void {
  for (let i = 0; i < path.length; i++) graph.pendingVisits[graph.edgeChild[path.edges[i]]]--;
  graph.pendingVisits[graph.root]--;
}
