/** The root of a search: finding the next one in the graph of the last, and making it ready to be searched. */
import { opponent } from '#engine/go/color.ts';
import type { PositionCursor } from '#engine/go/cursor.ts';
import type { Position } from '#engine/go/position.ts';
import type { Rng } from '#engine/go/random.ts';
import type { Move } from '#engine/go/view.ts';
import { EXPANDED, NO_NODE } from './graph.ts';
import type { SearchGraph } from './graph.ts';
import { addRootNoise } from './noise.ts';
import type { SearchParameters } from './parameters.ts';
import { distinctMoves } from './root-symmetry.ts';
import { usefulMoves } from './useful.ts';

/** From the start of the game to `last`. */
function positionsUpTo(last: Position): Position[] {
  const positions: Position[] = [];
  for (let p: Position | null = last; p !== null; p = p.previous) positions.push(p);
  return positions.reverse();
}

function isSameMoment(a: Position, b: Position): boolean {
  return (
    a.lastMove === b.lastMove &&
    a.toPlay === b.toPlay &&
    a.board.hashLo === b.board.hashLo &&
    a.board.hashHi === b.board.hashHi
  );
}

/** The expanded node of `position` in a graph whose root is `root`, or NO_NODE: the game went on through searched moves, or not. */
export function findPosition(graph: SearchGraph, root: Position, position: Position): number {
  if (JSON.stringify(root.rules) !== JSON.stringify(position.rules)) return NO_NODE;
  if (root.board.width !== position.board.width || root.board.height !== position.board.height)
    return NO_NODE;
  if (root.handicap !== position.handicap) return NO_NODE;
  const [before, now] = [positionsUpTo(root), positionsUpTo(position)];
  if (before.length > now.length || !before.every((past, i) => isSameMoment(past, now[i]))) return NO_NODE;
  let node = graph.root;
  let toPlay = root.toPlay;
  for (const { lastMove, toPlay: next } of now.slice(before.length)) {
    toPlay = opponent(toPlay);
    // Moves out of turn and resumed games are not in the graph.
    if (lastMove < 0 || next !== toPlay) return NO_NODE;
    const edge = graph.findEdge(node, lastMove);
    if (edge < 0 || graph.edgeChild[edge] === NO_NODE) return NO_NODE;
    node = graph.edgeChild[edge];
    if (graph.state[node] !== EXPANDED) return NO_NODE;
  }
  return node === graph.root || hasEdges(graph, node, position.legalMoves()) ? node : NO_NODE;
}

/**
 * Whether a node that was never a root has an edge for each of the legal moves. Not always under superko: below a capture, a
 * node that several orders of moves share has the edges of the one that was first.
 */
function hasEdges(graph: SearchGraph, node: number, legal: readonly Move[]): boolean {
  return legal.length === graph.edges[node] && legal.every((move) => graph.findEdge(node, move) >= 0);
}

/**
 * Takes useless moves and copies of moves off the root, which is expanded, and mixes noise into the rest.
 * @param filling moves that cost a point, see `fillingMoves`.
 */
export function prepareRoot(
  graph: SearchGraph,
  position: Position,
  cursor: PositionCursor,
  parameters: SearchParameters,
  filling: ReadonlySet<Move>,
  rng: Rng,
): void {
  const { root } = graph;
  const first = graph.firstEdge[root];
  const legal = Array.from(graph.edgeMove.subarray(first, first + graph.edges[root]));
  const useful = new Set(usefulMoves(cursor, legal, parameters));
  // Whoever restricts the moves to useless ones wants to hear about those.
  let kept = legal.filter((move) => useful.has(move) && !filling.has(move));
  if (kept.length === 0) kept = legal;
  if (parameters.rootSymmetryPruning) kept = distinctMoves(position, kept);
  for (const move of legal) if (!kept.includes(move)) graph.removeEdge(root, graph.findEdge(root, move));
  const priors = graph.edgePrior.subarray(first, first + graph.edges[root]);
  const { rootPolicyTemperature } = parameters;
  if (rootPolicyTemperature !== 1)
    for (let i = 0; i < priors.length; i++) priors[i] **= 1 / rootPolicyTemperature;
  const sum = priors.reduce((a, b) => a + b);
  for (let i = 0; i < priors.length; i++) priors[i] = sum > 0 ? priors[i] / sum : 1 / priors.length;
  // Gumbel draws its own noise.
  if (parameters.noiseWeight > 0 && parameters.algorithm === 'puct')
    addRootNoise(graph, parameters.noiseWeight, parameters.noiseConcentration, rng);
}
