/** The search tree as a struct of typed arrays: no object per node, copied whole when a subtree is kept. */
import type { Color } from '#engine/go/color.ts';
import type { Move } from '#engine/go/view.ts';

/** What is known of a node. */
export const PENDING = 0;
export const EXPANDED = 1;
export const TERMINAL = 2;

export const NO_NODE = -1;
export const ROOT = 0;

type Grown = Int32Array | Float64Array | Float32Array | Uint8Array | Uint16Array | Int16Array;

function grown<T extends Grown>(array: T, length: number): T {
  const larger = new (array.constructor as new (length: number) => T)(length);
  larger.set(array);
  return larger;
}

/**
 * A node is a position that was reached; an edge is a legal move of an expanded node. The edges of a node are
 * contiguous; those already reached come first, then the one with the largest prior of the rest, then the others in
 * any order. So selection reads `reached + 1` edges however large the board is. The root is node 0.
 */
export class SearchTree {
  nodeCount = 0;
  edgeCount = 0;
  /** int32 [node]: finished simulations through the node, its own evaluation included. */
  visits = new Int32Array(256);
  /** int32 [node]: simulations under way through the node. */
  pendingVisits = new Int32Array(256);
  /** float64 [node]: sums over visits, all from Black's side: outcome in [-1, 1], points, utility and its square. */
  valueSumBlack = new Float64Array(256);
  scoreSumBlack = new Float64Array(256);
  utilitySumBlack = new Float64Array(256);
  utilitySquareSum = new Float64Array(256);
  /** float32 [node]: the node's own evaluation. */
  valueBlack = new Float32Array(256);
  scoreBlack = new Float32Array(256);
  /** int32 [node]. */
  parent = new Int32Array(256);
  /** uint8 [node]: PENDING, EXPANDED or TERMINAL. */
  state = new Uint8Array(256);
  /** uint8 [node]: the side to move. */
  toPlay = new Uint8Array(256);
  /** int32 [node], uint16 [node], uint16 [node]: the node's edges and how many of them have a node. */
  firstEdge = new Int32Array(256);
  edges = new Uint16Array(256);
  reached = new Uint16Array(256);
  /** int16 [edge]. */
  edgeMove = new Int16Array(4096);
  /** float32 [edge]: prior probability; sums to 1 over a node. */
  edgePrior = new Float32Array(4096);
  /** int32 [edge]: the node the move leads to, or NO_NODE. */
  edgeChild = new Int32Array(4096);

  addNode(parent: number, toPlay: Color): number {
    const node = this.nodeCount++;
    if (node >= this.visits.length) this.growNodes(2 * node);
    this.parent[node] = parent;
    this.toPlay[node] = toPlay;
    this.state[node] = PENDING;
    return node;
  }

  /** The node behind the first unreached edge of `node`, which thereby becomes reached. */
  addChild(node: number, toPlay: Color): number {
    const child = this.addNode(node, toPlay);
    this.edgeChild[this.firstEdge[node] + this.reached[node]] = child;
    this.reached[node]++;
    this.frontLikeliest(node);
    return child;
  }

  /** Room for the edges of a node, to be filled by the caller, who then calls `frontLikeliest`. @returns the first. */
  addEdges(node: number, count: number): number {
    const first = this.edgeCount;
    this.reserveEdges(count);
    this.edgeCount += count;
    this.firstEdge[node] = first;
    this.edges[node] = count;
    this.reached[node] = 0;
    this.edgeChild.fill(NO_NODE, first, first + count);
    return first;
  }

  /** Brings the unreached edge of largest prior (ties: lowest move) before the other unreached ones. */
  frontLikeliest(node: number): void {
    const front = this.firstEdge[node] + this.reached[node];
    const end = this.firstEdge[node] + this.edges[node];
    let best = front;
    for (let edge = front + 1; edge < end; edge++) {
      const difference = this.edgePrior[edge] - this.edgePrior[best];
      if (difference > 0 || (difference === 0 && this.edgeMove[edge] < this.edgeMove[best])) best = edge;
    }
    if (best < end) this.swapEdges(front, best);
  }

  /** Drops one edge of `node` with all that was found behind it, as if it had never been searched. */
  removeEdge(node: number, edge: number): void {
    const child = this.edgeChild[edge];
    let hole = edge;
    if (child !== NO_NODE) {
      this.visits[node] -= this.visits[child];
      this.valueSumBlack[node] -= this.valueSumBlack[child];
      this.scoreSumBlack[node] -= this.scoreSumBlack[child];
      this.utilitySumBlack[node] -= this.utilitySumBlack[child];
      this.utilitySquareSum[node] -= this.utilitySquareSum[child];
      hole = this.firstEdge[node] + --this.reached[node];
      this.swapEdges(edge, hole);
    }
    this.swapEdges(hole, this.firstEdge[node] + --this.edges[node]);
    this.frontLikeliest(node);
  }

  /** The edge of `node` that plays `move`, or -1. */
  findEdge(node: number, move: Move): number {
    const end = this.firstEdge[node] + this.edges[node];
    for (let edge = this.firstEdge[node]; edge < end; edge++) if (this.edgeMove[edge] === move) return edge;
    return -1;
  }

  /** A new tree of `node` and everything below it. Nothing may be pending. */
  subtree(node: number): SearchTree {
    const copy = new SearchTree();
    const from = [node];
    copy.addNode(NO_NODE, this.toPlay[node] as Color);
    for (let to = 0; to < from.length; to++) {
      const old = from[to];
      copy.copyNode(to, this, old);
      if (this.state[old] !== EXPANDED) continue;
      const source = this.firstEdge[old];
      const target = copy.addEdges(to, this.edges[old]);
      copy.reached[to] = this.reached[old];
      for (let i = 0; i < this.edges[old]; i++) {
        copy.edgeMove[target + i] = this.edgeMove[source + i];
        copy.edgePrior[target + i] = this.edgePrior[source + i];
        const child = this.edgeChild[source + i];
        if (child === NO_NODE) continue;
        from.push(child);
        copy.edgeChild[target + i] = copy.addNode(to, this.toPlay[child] as Color);
      }
    }
    return copy;
  }

  private copyNode(to: number, source: SearchTree, from: number): void {
    if (source.pendingVisits[from] !== 0)
      throw new Error(`internal: node ${from} copied during a simulation`);
    for (const field of [
      'visits',
      'valueSumBlack',
      'scoreSumBlack',
      'utilitySumBlack',
      'utilitySquareSum',
      'valueBlack',
      'scoreBlack',
      'state',
    ] as const)
      this[field][to] = source[field][from];
  }

  private swapEdges(a: number, b: number): void {
    const [move, prior, child] = [this.edgeMove[a], this.edgePrior[a], this.edgeChild[a]];
    this.edgeMove[a] = this.edgeMove[b];
    this.edgePrior[a] = this.edgePrior[b];
    this.edgeChild[a] = this.edgeChild[b];
    this.edgeMove[b] = move;
    this.edgePrior[b] = prior;
    this.edgeChild[b] = child;
  }

  private growNodes(length: number): void {
    this.visits = grown(this.visits, length);
    this.pendingVisits = grown(this.pendingVisits, length);
    this.valueSumBlack = grown(this.valueSumBlack, length);
    this.scoreSumBlack = grown(this.scoreSumBlack, length);
    this.utilitySumBlack = grown(this.utilitySumBlack, length);
    this.utilitySquareSum = grown(this.utilitySquareSum, length);
    this.valueBlack = grown(this.valueBlack, length);
    this.scoreBlack = grown(this.scoreBlack, length);
    this.parent = grown(this.parent, length);
    this.state = grown(this.state, length);
    this.toPlay = grown(this.toPlay, length);
    this.firstEdge = grown(this.firstEdge, length);
    this.edges = grown(this.edges, length);
    this.reached = grown(this.reached, length);
  }

  /** Makes room for that many further edges. */
  reserveEdges(count: number): void {
    const needed = this.edgeCount + count;
    if (needed > this.edgeMove.length) this.growEdges(2 * needed);
  }

  private growEdges(length: number): void {
    this.edgeMove = grown(this.edgeMove, length);
    this.edgePrior = grown(this.edgePrior, length);
    this.edgeChild = grown(this.edgeChild, length);
  }
}
