/** States of differential equations as tensors whose first dimension is that of the samples. */
import * as tf from '@tensorflow/tfjs-core';
import type { Algebra, PerSample } from './algebra.ts';

/** [B, 1, ...], of the rank of what it meets. */
export function column(values: PerSample, rank: number): tf.Tensor {
  return tf.tensor(Float32Array.from(values), columnShape(values.length, rank));
}

const columnShape = (samples: number, rank: number): number[] => [
  samples,
  ...Array<number>(rank - 1).fill(1),
];

/**
 * States like `x` [B, ...]. Norms are means over the numbers where the mask [B, ..., 1] of 0 and 1 is 1, or over all where
 * it is null; elsewhere states are 0. They are read from the backend, which has to answer at once.
 */
export function tensorAlgebra({ shape, size, rank }: tf.Tensor, mask: tf.Tensor | null): Algebra<tf.Tensor> {
  const [samples] = shape;
  const counts = (): tf.Tensor =>
    mask === null
      ? tf.scalar(size / samples)
      : tf.mul(tf.sum(tf.reshape(mask, [samples, -1]), 1), shape[rank - 1]);
  return {
    samples,
    advance: (x, sizes, terms) =>
      tf.tidy(() => {
        const sum = terms
          .map(([weight, slope]) => (weight === 1 ? slope : tf.mul(slope, weight)))
          .reduce((total, term) => tf.add(total, term));
        const moved = tf.mul(sum, column(sizes, rank));
        return x === null ? moved : tf.add(x, moved);
      }),
    norm: (e, x, y, { rtol, atol }) => {
      const norms = tf.tidy(() => {
        const larger = x === y ? tf.abs(x) : tf.maximum(tf.abs(x), tf.abs(y));
        const parts = tf.square(tf.div(e, tf.add(tf.mul(larger, rtol), atol)));
        const sums = tf.sum(tf.reshape(parts, [samples, -1]), 1);
        return tf.sqrt(tf.div(sums, counts()));
      });
      const values = Float64Array.from(norms.dataSync());
      norms.dispose();
      return values;
    },
    select: (chosen, y, x) =>
      tf.tidy(() => {
        const flags = tf.tensor([...chosen], columnShape(samples, rank), 'bool');
        return tf.where(tf.broadcastTo(flags, shape), y, x);
      }),
    scope: <T extends object>(make: () => T): T => tf.tidy(make as () => tf.TensorContainer) as T,
    dispose: (x) => x.dispose(),
  };
}
