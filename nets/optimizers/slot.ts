/** A tensor for each of a list of weights, replaced at every step: what optimizers and averages remember. */
import * as tf from '@tensorflow/tfjs-core';
import type { WeightArray } from '../file.ts';

export class Slot {
  private readonly names: readonly string[];
  private kept: readonly tf.Tensor[];

  /** @param names of the entries in a checkpoint. */
  constructor(names: readonly string[], tensors: readonly tf.Tensor[]) {
    this.names = names;
    this.kept = tensors.map((tensor) => tf.keep(tensor));
  }

  get tensors(): readonly tf.Tensor[] {
    return this.kept;
  }

  /** Takes these over, out of any `tf.tidy`. */
  replace(next: readonly tf.Tensor[]): void {
    tf.dispose(this.kept as tf.Tensor[]);
    this.kept = next.map((tensor) => tf.keep(tensor));
  }

  entries(): [string, tf.Tensor][] {
    return this.names.map((name, i) => [name, this.kept[i]]);
  }

  /** @param arrays has an entry of the right shape for every name. */
  load(arrays: ReadonlyMap<string, WeightArray>): void {
    this.replace(
      this.names.map((name) => {
        const array = arrays.get(name);
        if (array === undefined) throw new Error(`internal: nothing to load for ${name}`);
        return tf.tensor(array.values, [...array.shape], 'float32');
      }),
    );
  }

  dispose(): void {
    tf.dispose(this.kept as tf.Tensor[]);
  }
}
