/** An `EvaluationBatch` over buffers that are used again and again. */
import type { PositionView } from '#engine/go/view.ts';
import type { Evaluation, EvaluationBatch } from '#engine/search/evaluator.ts';
import type { BatchBuffer } from './batch-buffer.ts';
import type { SessionOutput } from './session.ts';

export type BufferSource<Place extends { readonly buffer: BatchBuffer }> = {
  /** An empty buffer that nobody else uses, with whatever goes with it. */
  take(): Place;
  giveBack(place: Place): void;
  run(place: Place): Promise<SessionOutput>;
};

/** Holds a buffer from its first position until its evaluations are there. */
export class BufferedBatch<Place extends { readonly buffer: BatchBuffer }> implements EvaluationBatch {
  private readonly source: BufferSource<Place>;
  private place: Place | null = null;

  constructor(source: BufferSource<Place>) {
    this.source = source;
  }

  get size(): number {
    return this.place?.buffer.size ?? 0;
  }

  add(position: PositionView, symmetry: number): void {
    this.place ??= this.source.take();
    this.place.buffer.add(position, symmetry);
  }

  async evaluate(): Promise<Evaluation[]> {
    const { place } = this;
    if (place === null) return [];
    this.place = null;
    try {
      return place.buffer.take(await this.source.run(place));
    } finally {
      place.buffer.clear();
      this.source.giveBack(place);
    }
  }
}
