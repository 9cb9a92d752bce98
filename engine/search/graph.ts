/** The nodes and edges of a search as a struct of typed arrays: no object per node, compacted in place when the game goes on. */
import type { Color } from '#engine/go/color.ts';
import type { Move } from '#engine/go/view.ts';

/** What is known of a node. */
export const PENDING = 0;
export const EXPANDED = 1;
export const TERMINAL = 2;

export const NO_NODE = -1;

const NODE_FIELDS = {
  visits: Int32Array,
  pendingVisits: Int32Array,
  valueBlack: Float32Array,
  scoreBlack: Float32Array,
  scoreStdev: Float32Array,
  utilityBlack: Float32Array,
  meanValueBlack: Float32Array,
  meanScoreBlack: Float32Array,
  meanScoreSquare: Float32Array,
  meanUtilityBlack: Float32Array,
  meanUtilitySquare: Float32Array,
  state: Uint8Array,
  toPlay: Uint8Array,
  firstEdge: Int32Array,
  edges: Uint16Array,
  reached: Uint16Array,
  keyHi: Int32Array,
  keyLo: Int32Array,
} as const;

const EDGE_FIELDS = {
  edgeMove: Int16Array,
  edgePrior: Float32Array,
  edgeChild: Int32Array,
  edgeVisits: Int32Array,
} as const;

const bytesOf = (fields: Record<string, { BYTES_PER_ELEMENT: number }>): number =>
  Object.values(fields).reduce((sum, { BYTES_PER_ELEMENT }) => sum + BYTES_PER_ELEMENT, 0);

/** 62 bytes a node and 14 an edge, of which a node has one for each legal move. */
const BYTES_A_NODE = bytesOf(NODE_FIELDS);
const BYTES_AN_EDGE = bytesOf(EDGE_FIELDS);

/** Nodes and edges that there is room for at first. Our choice. */
const FIRST_NODES = 256;
const FIRST_EDGES = 4096;

type Resized = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Float32Array;

function resized<T extends Resized>(array: T, length: number): T {
  const other = new (array.constructor as new (length: number) => T)(length);
  other.set(array.subarray(0, Math.min(length, array.length)));
  return other;
}

/**
 * A node is a position that was reached; an edge is a legal move of an expanded node. Edges may share the node that they
 * lead to (see transpositions.ts); where none do, this is a tree. The edges of a node are contiguous; those already
 * reached come first, then the one with the largest prior of the rest, then the others in any order. So selection reads
 * `reached + 1` edges however large the board is. A reached edge keeps its place.
 */
export class SearchGraph {
  root = 0;
  nodeCount = 0;
  edgeCount = 0;
  /** Points of the board if each node keeps its ownership, else 0. */
  readonly ownershipPoints: number;
  /** int32 [node]: of an expanded node 1 + the visits of its edges; of a terminal one how often it was met. */
  visits = new Int32Array(FIRST_NODES);
  /** int32 [node]: simulations under way through the node. */
  pendingVisits = new Int32Array(FIRST_NODES);
  /** float32 [node]: the node's own evaluation from Black's side: outcome in [-1, 1], points, their deviation, utility. */
  valueBlack = new Float32Array(FIRST_NODES);
  scoreBlack = new Float32Array(FIRST_NODES);
  scoreStdev = new Float32Array(FIRST_NODES);
  utilityBlack = new Float32Array(FIRST_NODES);
  /** float32 [node]: means over the node's own evaluation and its edges' visits (see node-value.ts). */
  meanValueBlack = new Float32Array(FIRST_NODES);
  meanScoreBlack = new Float32Array(FIRST_NODES);
  meanScoreSquare = new Float32Array(FIRST_NODES);
  meanUtilityBlack = new Float32Array(FIRST_NODES);
  meanUtilitySquare = new Float32Array(FIRST_NODES);
  /** uint8 [node]: PENDING, EXPANDED or TERMINAL. */
  state = new Uint8Array(FIRST_NODES);
  /** uint8 [node]: the side to move. */
  toPlay = new Uint8Array(FIRST_NODES);
  /** int32 [node], uint16 [node], uint16 [node]: the node's edges and how many of them have a node. */
  firstEdge = new Int32Array(FIRST_NODES);
  edges = new Uint16Array(FIRST_NODES);
  reached = new Uint16Array(FIRST_NODES);
  /** int32 [node]: halves of the key under which transpositions find the node; both 0 where none may. */
  keyHi = new Int32Array(FIRST_NODES);
  keyLo = new Int32Array(FIRST_NODES);
  /** int8 [node, ownershipPoints]: the node's own evaluation of who owns each point, 127 = surely Black. */
  ownershipBlack = new Int8Array(0);
  /** int16 [edge]. */
  edgeMove = new Int16Array(FIRST_EDGES);
  /** float32 [edge]: prior probability; sums to 1 over a node. */
  edgePrior = new Float32Array(FIRST_EDGES);
  /** int32 [edge]: the node the move leads to, or NO_NODE. */
  edgeChild = new Int32Array(FIRST_EDGES);
  /** int32 [edge]: finished simulations through the edge. */
  edgeVisits = new Int32Array(FIRST_EDGES);

  constructor(ownershipPoints = 0) {
    this.ownershipPoints = ownershipPoints;
    this.ownershipBlack = new Int8Array(FIRST_NODES * ownershipPoints);
  }

  /** Of nodes and edges in use. Arrays grow by half, so that half as much again may be allocated, and more while they do. */
  get bytes(): number {
    return this.nodeCount * (BYTES_A_NODE + this.ownershipPoints) + this.edgeCount * BYTES_AN_EDGE;
  }

  /** Whether it has all that a search may keep, so that none goes on. */
  isFull(maxMegabytes: number): boolean {
    return this.bytes >= 1e6 * maxMegabytes;
  }

  addNode(toPlay: Color): number {
    const node = this.nodeCount++;
    if (node >= this.visits.length) this.resizeNodes(Math.ceil(1.5 * node));
    this.toPlay[node] = toPlay;
    this.state[node] = PENDING;
    this.visits[node] = 0;
    this.pendingVisits[node] = 0;
    this.firstEdge[node] = this.edgeCount;
    this.edges[node] = 0;
    this.reached[node] = 0;
    this.keyHi[node] = 0;
    this.keyLo[node] = 0;
    return node;
  }

  /** Lets an unreached edge of `node` lead to `child`. @returns the edge's place from now on. */
  reach(node: number, edge: number, child: number): number {
    const place = this.firstEdge[node] + this.reached[node];
    if (edge !== place) this.swapEdges(edge, place);
    this.edgeChild[place] = child;
    this.reached[node]++;
    this.frontLikeliest(node);
    return place;
  }

  /** Room for the edges of the newest node, to be filled by the caller, who then calls `frontLikeliest`. @returns the first. */
  addEdges(node: number, count: number): number {
    const first = this.edgeCount;
    this.reserveEdges(count);
    this.edgeCount += count;
    this.firstEdge[node] = first;
    this.edges[node] = count;
    this.edgeChild.fill(NO_NODE, first, first + count);
    this.edgeVisits.fill(0, first, first + count);
    return first;
  }

  /** Makes room for that many further edges. */
  reserveEdges(count: number): void {
    const needed = this.edgeCount + count;
    if (needed > this.edgeMove.length) this.resizeEdges(Math.ceil(1.5 * needed));
  }

  /** Brings the unreached edge of largest prior (ties: lowest move) before the other unreached ones. */
  frontLikeliest(node: number): void {
    const { edgePrior, edgeMove } = this;
    const front = this.firstEdge[node] + this.reached[node];
    const end = this.firstEdge[node] + this.edges[node];
    let best = front;
    for (let edge = front + 1; edge < end; edge++) {
      const difference = edgePrior[edge] - edgePrior[best];
      if (difference > 0 || (difference === 0 && edgeMove[edge] < edgeMove[best])) best = edge;
    }
    if (best < end && best !== front) this.swapEdges(front, best);
  }

  /** Drops one edge of `node`, as if it had never been searched; the node's means are the caller's to renew. */
  removeEdge(node: number, edge: number): void {
    let hole = edge;
    if (this.edgeChild[edge] !== NO_NODE) {
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

  /** int32: every node below the root and the root, each after all that it leads to. */
  postOrder(): Int32Array {
    const order = new Int32Array(this.nodeCount);
    const seen = new Uint8Array(this.nodeCount);
    const stack = [this.root];
    // How many edges of each node on the stack were followed.
    const followed = [0];
    let count = 0;
    seen[this.root] = 1;
    while (stack.length > 0) {
      const top = stack.length - 1;
      const node = stack[top];
      if (followed[top] === this.reached[node]) {
        order[count++] = node;
        stack.pop();
        followed.pop();
        continue;
      }
      const child = this.edgeChild[this.firstEdge[node] + followed[top]++];
      if (seen[child] === 1) continue;
      seen[child] = 1;
      stack.push(child);
      followed.push(0);
    }
    return order.subarray(0, count);
  }

  /** Makes `root` the root and forgets all that it does not lead to. Nothing may be pending. */
  collect(root: number): void {
    this.root = root;
    const kept = this.postOrder().toSorted();
    const moved = new Int32Array(this.nodeCount);
    this.edgeCount = 0;
    // Nodes and their edges were made in the same order, so that each moves down, over what is forgotten.
    for (const [to, from] of kept.entries()) {
      if (this.pendingVisits[from] !== 0) throw new Error(`internal: node ${from} kept during a simulation`);
      moved[from] = to;
      for (const field of nodeFields) this[field][to] = this[field][from];
      const points = this.ownershipPoints;
      this.ownershipBlack.copyWithin(to * points, from * points, (from + 1) * points);
      const first = this.firstEdge[from];
      for (const field of edgeFields) this[field].copyWithin(this.edgeCount, first, first + this.edges[from]);
      this.firstEdge[to] = this.edgeCount;
      this.edgeCount += this.edges[to];
    }
    this.nodeCount = kept.length;
    this.root = moved[root];
    for (let edge = 0; edge < this.edgeCount; edge++)
      if (this.edgeChild[edge] !== NO_NODE) this.edgeChild[edge] = moved[this.edgeChild[edge]];
    if (4 * this.nodeCount < this.visits.length) this.resizeNodes(2 * this.nodeCount);
    if (4 * this.edgeCount < this.edgeMove.length) this.resizeEdges(2 * this.edgeCount);
  }

  private swapEdges(a: number, b: number): void {
    const { edgeMove, edgePrior, edgeChild, edgeVisits } = this;
    const move = edgeMove[a];
    edgeMove[a] = edgeMove[b];
    edgeMove[b] = move;
    const prior = edgePrior[a];
    edgePrior[a] = edgePrior[b];
    edgePrior[b] = prior;
    const child = edgeChild[a];
    edgeChild[a] = edgeChild[b];
    edgeChild[b] = child;
    const visits = edgeVisits[a];
    edgeVisits[a] = edgeVisits[b];
    edgeVisits[b] = visits;
  }

  private resizeNodes(length: number): void {
    for (const field of nodeFields) this[field] = resized(this[field], length) as never;
    this.ownershipBlack = resized(this.ownershipBlack, length * this.ownershipPoints);
  }

  private resizeEdges(length: number): void {
    for (const field of edgeFields) this[field] = resized(this[field], length) as never;
  }
}

const nodeFields = Object.keys(NODE_FIELDS) as (keyof typeof NODE_FIELDS)[];
const edgeFields = Object.keys(EDGE_FIELDS) as (keyof typeof EDGE_FIELDS)[];
