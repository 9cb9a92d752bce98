/** Which positions of a search are one node: those that no move to come can tell apart. */
import { BLACK, WHITE } from '#engine/go/color.ts';
import type { PositionCursor } from '#engine/go/cursor.ts';
import type { SearchGraph } from './graph.ts';
import { NO_NODE } from './graph.ts';
import { mix } from './hash.ts';

/**
 * A hash table from positions to nodes. Its key is all that the rules read of a position: stones, side to move, point
 * banned by simple ko, passes in a row, prisoners, and the number of the move. With the number of the move a position
 * can never come again below itself, so that the graph has no cycles.
 *
 * Superko reads the whole history. Positions are then one node only if no stone has left the board since the root on
 * either way to them: each arrangement on both ways is then a part of the present stones, and the next move, whatever it
 * captures, leaves a stone that none of them has; so both have the same legal moves, suicide apart. A repetition that
 * tells them apart takes a capture and a recapture, or suicide, after the position; the walk, which knows its own
 * history, refuses it where it comes (see simulate.ts).
 */
export class Transpositions {
  private readonly graph: SearchGraph;
  /** int32 [2^k]: nodes by key with linear probing, NO_NODE where free. */
  private slots = new Int32Array(0);
  private used = 0;
  private readonly superko: boolean;
  /** Stones that had left the board at the root. */
  private readonly capturesAtRoot: number;
  private hi = 0;
  private lo = 0;

  /** Starts with the nodes that the graph has. @param root a cursor at its root. */
  constructor(graph: SearchGraph, root: PositionCursor) {
    this.graph = graph;
    this.superko = root.rules.ko !== 'simple';
    this.capturesAtRoot = capturesOf(root);
    this.rebuild();
  }

  /** The node of the position at the cursor, or NO_NODE where it is not known or must be a node of its own. */
  find(cursor: PositionCursor): number {
    this.hi = 0;
    this.lo = 0;
    if (this.superko && capturesOf(cursor) !== this.capturesAtRoot) return NO_NODE;
    const { board, toPlay, consecutivePasses, moveNumber } = cursor;
    const turn = (moveNumber * 4 + consecutivePasses) * 4 + toPlay;
    const ko = this.superko ? 0 : board.koPoint + 1;
    const prisoners = board.captures[BLACK] * 4096 + board.captures[WHITE];
    this.hi = mix(mix(mix(board.hashHi, turn), ko), prisoners);
    this.lo = mix(mix(mix(board.hashLo, turn), ko), prisoners) | 1;
    const { keyHi, keyLo } = this.graph;
    const mask = this.slots.length - 1;
    for (let slot = this.hi & mask; ; slot = (slot + 1) & mask) {
      const node = this.slots[slot];
      if (node === NO_NODE || (keyHi[node] === this.hi && keyLo[node] === this.lo)) return node;
    }
  }

  /** Lets the position that `find` was just asked about be found as `node`, unless it must be a node of its own. */
  add(node: number): void {
    if (this.lo === 0) return;
    this.graph.keyHi[node] = this.hi;
    this.graph.keyLo[node] = this.lo;
    if (2 * ++this.used > this.slots.length) this.rebuild();
    else this.insert(node);
  }

  private insert(node: number): void {
    const mask = this.slots.length - 1;
    let slot = this.graph.keyHi[node] & mask;
    while (this.slots[slot] !== NO_NODE) slot = (slot + 1) & mask;
    this.slots[slot] = node;
  }

  private rebuild(): void {
    const { nodeCount, keyLo } = this.graph;
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(4 * nodeCount + 256))).fill(NO_NODE);
    this.used = 0;
    for (let node = 0; node < nodeCount; node++) {
      if (keyLo[node] === 0) continue;
      this.insert(node);
      this.used++;
    }
  }
}

function capturesOf({ board }: PositionCursor): number {
  return board.captures[BLACK] + board.captures[WHITE];
}
