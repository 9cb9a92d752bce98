/** Positions on their way into a net and their evaluations on the way out: a buffer of features that fills one by one. */
import { MAX_BOARD_SIDE } from '#engine/go/size.ts';
import type { PositionView } from '#engine/go/view.ts';
import type { Evaluation } from '#engine/search/evaluator.ts';
import type { FeatureSet } from '../features/feature-set.ts';
import { bufferPoints } from '../features/layout.ts';
import type { Turned } from '../features/layout.ts';
import { SCORE_SCALE } from '../architectures/net.ts';
import type { SessionInput, SessionOutput } from './session.ts';

/** Positions of one inference by default: beyond this a CPU gains nothing. */
export const MAX_BATCH = 32;

/** float32 arrays of a fixed capacity, in ordinary or shared memory. */
export type BatchMemory = { readonly planes: Float32Array; readonly globals: Float32Array };

/** Room for `maxBatch` boards of any size; pages that no board reaches are never touched. */
export function allocateBatch({ planes, globals }: FeatureSet, maxBatch: number): BatchMemory {
  return {
    planes: new Float32Array(maxBatch * planes * MAX_BOARD_SIDE ** 2),
    globals: new Float32Array(maxBatch * globals),
  };
}

/**
 * Boards of different sizes share the top-left corner of a buffer as large as the largest: [B, P, side, side]. A square
 * of its longer side holds a board under every symmetry.
 */
export class BatchBuffer {
  private readonly features: FeatureSet;
  private readonly memory: BatchMemory;
  private side = 0;
  private readonly boards: Turned[] = [];

  constructor(features: FeatureSet, memory: BatchMemory) {
    this.features = features;
    this.memory = memory;
  }

  get size(): number {
    return this.boards.length;
  }

  add(position: PositionView, symmetry: number): void {
    const { width, height } = position.board;
    const { planes, globals } = this.features;
    const at = this.size;
    const side = Math.max(width, height, at === 0 ? 0 : this.side);
    const area = side * side;
    if ((at + 1) * planes * area > this.memory.planes.length)
      throw new Error(`internal: position ${at} on ${width}x${height} lies beyond the buffer of a batch`);
    if (at > 0 && side > this.side) this.widen(side);
    this.side = side;
    this.memory.planes.fill(0, at * planes * area, (at + 1) * planes * area);
    this.memory.globals.fill(0, at * globals, (at + 1) * globals);
    this.features.encode(position, symmetry, {
      planes: this.memory.planes,
      globals: this.memory.globals,
      columns: side,
      pointStride: 1,
      planeStride: area,
      planesOffset: at * planes * area,
      globalsOffset: at * globals,
    });
    this.boards.push({ width, height, symmetry });
  }

  input(): SessionInput {
    const { planes, globals } = this.features;
    const count = this.size;
    return {
      count,
      rows: this.side,
      columns: this.side,
      fullBoards: this.boards.every(({ width, height }) => width === this.side && height === this.side),
      planes: this.memory.planes.subarray(0, count * planes * this.side * this.side),
      globals: this.memory.globals.subarray(0, count * globals),
    };
  }

  /** The evaluations of what was added, in that order; the buffer is then empty. */
  take({ policy, value, score, stdev, ownership }: SessionOutput): Evaluation[] {
    const area = this.side * this.side;
    const evaluations = this.boards.map((turned, i): Evaluation => {
      const points = bufferPoints(turned, this.side);
      const policyLogits = new Float32Array(points.length + 1);
      const ownershipToPlay = new Float32Array(points.length);
      for (let p = 0; p < points.length; p++) {
        policyLogits[p] = policy[i * (area + 1) + points[p]];
        ownershipToPlay[p] = ownership[i * area + points[p]];
      }
      policyLogits[points.length] = policy[i * (area + 1) + area];
      return {
        policyLogits,
        valueToPlay: value[i],
        scoreToPlay: score[i] * SCORE_SCALE,
        scoreStdev: stdev === undefined ? NaN : stdev[i] * SCORE_SCALE,
        ownershipToPlay,
      };
    });
    this.clear();
    return evaluations;
  }

  clear(): void {
    this.boards.length = 0;
  }

  /** Makes room for a larger board: what is there moves into the corner of a larger square. */
  private widen(side: number): void {
    const { planes } = this.features;
    const old = this.side;
    const copy = this.memory.planes.slice(0, this.size * planes * old * old);
    this.memory.planes.fill(0, 0, this.size * planes * side * side);
    for (let map = 0; map < this.size * planes; map++)
      for (let y = 0; y < old; y++)
        this.memory.planes.set(
          copy.subarray((map * old + y) * old, (map * old + y + 1) * old),
          (map * side + y) * side,
        );
  }
}
