/** Ends of games in a graph that is kept, counted as the new root's side counts them. */
import type { PositionCursor } from '#engine/go/cursor.ts';
import type { PositionView } from '#engine/go/view.ts';
import { EXPANDED, TERMINAL } from './graph.ts';
import type { SearchGraph } from './graph.ts';

/**
 * Gives nodes below the root at which the game is over by passes the value and score of `endScore`, in points for Black,
 * which may see other stones as dead than when they were reached. Utilities and means stay as they are.
 * @param cursor at the root, where it is left.
 */
export function recountEnds(
  graph: SearchGraph,
  cursor: PositionCursor,
  endScore: (position: PositionView) => number,
): void {
  if (!graph.state.subarray(0, graph.nodeCount).includes(TERMINAL)) return;
  const seen = new Set<number>();
  const goOn = (node: number): void => {
    const first = graph.firstEdge[node];
    for (let edge = first; edge < first + graph.reached[node]; edge++) {
      const child = graph.edgeChild[edge];
      // Where ways meet superko may bar some of them.
      if (seen.has(child) || !cursor.isLegal(graph.edgeMove[edge])) continue;
      seen.add(child);
      cursor.play(graph.edgeMove[edge]);
      if (graph.state[child] === EXPANDED) goOn(child);
      else if (graph.state[child] === TERMINAL && cursor.isOver) {
        graph.scoreBlack[child] = endScore(cursor);
        graph.valueBlack[child] = Math.sign(graph.scoreBlack[child]);
      }
      cursor.undo();
    }
  };
  goOn(graph.root);
}
