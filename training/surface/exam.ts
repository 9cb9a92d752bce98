/** What a net is measured by again and again: examples that stay tensors, and its losses on them as it plays. */
import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { RunningMeans } from '../running-means.ts';

/** Some of the examples. */
export type ExamBatch = {
  /** Everything that it holds. */
  readonly tensors: readonly tf.Tensor[];
  /** How many examples each loss is the mean of. */
  readonly counts: Readonly<Record<string, number>>;
  /** The means by the same names, within `tf.tidy`. */
  losses(model: LayersModel): Readonly<Record<string, tf.Scalar>>;
};

/** Means over all examples by name; those of which no example knows the answer are left out. */
export type Losses = Readonly<Record<string, number>>;

export class Exam {
  private readonly batches: readonly ExamBatch[];

  /** @param batches disposed with it. */
  constructor(batches: readonly ExamBatch[]) {
    this.batches = batches;
  }

  /** How many there are. */
  get examples(): number {
    const sums: Record<string, number> = {};
    for (const { counts } of this.batches)
      for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
    return Math.max(...Object.values(sums));
  }

  async losses(model: LayersModel): Promise<Losses> {
    const means = new RunningMeans();
    for (const batch of this.batches) {
      const names = Object.keys(batch.counts);
      const stacked = tf.tidy(() => {
        const losses = batch.losses(model);
        return tf.stack(names.map((name) => losses[name]));
      });
      const values = await stacked.data();
      stacked.dispose();
      means.add(Object.fromEntries(names.map((name, i) => [name, values[i]])), (name) => batch.counts[name]);
    }
    return means.take();
  }

  /** SHA-256 of all that it holds. */
  async digest(): Promise<string> {
    const hash = createHash('sha256');
    for (const { tensors } of this.batches)
      for (const tensor of tensors) {
        const { buffer, byteOffset, byteLength } = await tensor.data();
        hash.update(new Uint8Array(buffer, byteOffset, byteLength));
      }
    return hash.digest('hex');
  }

  dispose(): void {
    for (const { tensors } of this.batches) tf.dispose([...tensors]);
  }
}
