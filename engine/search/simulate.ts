/** How a simulation goes down from the root to a leaf, and how it is counted on the way back. */
import type { PositionCursor } from '#engine/go/cursor.ts';
import { scoreAsItStands } from './end-score.ts';
import { addLegalEdges, endGame } from './expand.ts';
import { EXPANDED, NO_NODE, TERMINAL } from './graph.ts';
import type { SearchGraph } from './graph.ts';
import { renewMeans } from './node-value.ts';
import type { Setting } from './setting.ts';
import { isSettled } from './settled.ts';

/** How a simulation ends: at a node to be evaluated, at one whose value is known, or at one under evaluation for another. */
export const LEAF = 0;
export const KNOWN = 1;
export const COLLISION = 2;
export type Outcome = typeof LEAF | typeof KNOWN | typeof COLLISION;

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
