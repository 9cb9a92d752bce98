/** The root of a search: finding the next one in the tree of the last, and making it ready to be searched. */
import { opponent } from '#engine/go/color.ts';
import type { PositionCursor } from '#engine/go/cursor.ts';
import type { Position } from '#engine/go/position.ts';
import type { Rng } from '#engine/go/random.ts';
import { addRootNoise } from './noise.ts';
import type { SearchParameters } from './parameters.ts';
import { EXPANDED, NO_NODE, ROOT } from './tree.ts';
import type { SearchTree } from './tree.ts';
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

/** The node of `position` in a tree whose root is `root`, or NO_NODE: the game went on through searched moves, or not. */
export function findPosition(tree: SearchTree, root: Position, position: Position): number {
  if (JSON.stringify(root.rules) !== JSON.stringify(position.rules)) return NO_NODE;
  if (root.board.width !== position.board.width || root.board.height !== position.board.height)
    return NO_NODE;
  if (root.handicap !== position.handicap) return NO_NODE;
  const [before, now] = [positionsUpTo(root), positionsUpTo(position)];
  if (before.length > now.length || !before.every((past, i) => isSameMoment(past, now[i]))) return NO_NODE;
  let node = ROOT;
  let toPlay = root.toPlay;
  for (const { lastMove, toPlay: next } of now.slice(before.length)) {
    toPlay = opponent(toPlay);
    // Moves out of turn and resumed games are not in the tree.
    if (lastMove < 0 || next !== toPlay || tree.state[node] !== EXPANDED) return NO_NODE;
    const edge = tree.findEdge(node, lastMove);
    if (edge < 0) return NO_NODE;
    node = tree.edgeChild[edge];
    if (node === NO_NODE) return NO_NODE;
  }
  return node;
}

/** Takes useless moves off the root, which is expanded, and mixes noise into the rest. */
export function prepareRoot(
  tree: SearchTree,
  cursor: PositionCursor,
  parameters: SearchParameters,
  rng: Rng,
): void {
  const first = tree.firstEdge[ROOT];
  const legal = Array.from(tree.edgeMove.subarray(first, first + tree.edges[ROOT]));
  const useful = new Set(usefulMoves(cursor, legal, parameters));
  // Whoever restricts the moves to useless ones wants to hear about those.
  if (legal.some((move) => useful.has(move)))
    for (const move of legal) if (!useful.has(move)) tree.removeEdge(ROOT, tree.findEdge(ROOT, move));
  const priors = tree.edgePrior.subarray(first, first + tree.edges[ROOT]);
  const sum = priors.reduce((a, b) => a + b);
  for (let i = 0; i < priors.length; i++) priors[i] = sum > 0 ? priors[i] / sum : 1 / priors.length;
  if (parameters.noiseWeight > 0)
    addRootNoise(tree, parameters.noiseWeight, parameters.noiseConcentration, rng);
}
