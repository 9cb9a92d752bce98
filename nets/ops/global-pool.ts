/** Global pooling over the points on the board, in KataGo's two forms, as one operation. */
import * as tf from '@tensorflow/tfjs-core';
import { defineComposition, runKernel } from './composition.ts';

/** Inputs x [N, H, W, C], and mask [N, H, W, 1] where boards do not fill their buffer; attribute kind; output [N, 3 C]. */
export const GLOBAL_POOL = 'TengenGlobalPool';
/** Inputs dy and y [N, 3 C], x [N, H, W, C], perhaps mask; attribute kind; output dx. */
export const GLOBAL_POOL_GRAD = 'TengenGlobalPoolGrad';

export type GlobalPool = { readonly kind: 'policy' | 'value' };

/** What a mean is multiplied by for the second part and, in the value's form, for the third, on a board of n points: `PoolOptions` in numbers. */
export function poolFactors(n: number): { second: number; third: number } {
  const d = (Math.sqrt(n) - 14) / 10;
  return { second: d, third: d * d - 0.1 };
}

/** The number of points of each board and its `poolFactors`, [N, 1] or one for all. */
function factors(
  x: tf.Tensor4D,
  mask: tf.Tensor | undefined,
): { n: tf.Tensor; second: tf.Tensor; third: tf.Tensor } {
  const n = mask === undefined ? tf.scalar(x.shape[1] * x.shape[2]) : tf.sum(mask, [1, 2]);
  const d = tf.div(tf.sub(tf.sqrt(n), 14), 10);
  return { n, second: d, third: tf.sub(tf.square(d), 0.1) };
}

defineComposition(GLOBAL_POOL, ({ x, mask }, attributes) => {
  const { kind } = attributes as GlobalPool;
  const { n, second, third } = factors(x as tf.Tensor4D, mask);
  const mean = tf.div(tf.sum(x, [1, 2]), n);
  return tf.concat(
    [mean, tf.mul(mean, second), kind === 'policy' ? tf.max(x, [1, 2]) : tf.mul(mean, third)],
    1,
  );
});

defineComposition(GLOBAL_POOL_GRAD, ({ dy, x, y, mask }, attributes) => {
  const { kind } = attributes as GlobalPool;
  const [count, , , channels] = x.shape;
  const { n, second, third } = factors(x as tf.Tensor4D, mask);
  const part = (of: tf.Tensor, index: number): tf.Tensor =>
    tf.slice(of, [0, index * channels], [count, channels]);
  const spread = (row: tf.Tensor): tf.Tensor => tf.reshape(row, [count, 1, 1, channels]);
  const toMean = tf.add(part(dy, 0), tf.mul(part(dy, 1), second));
  const toThird = part(dy, 2);
  if (kind === 'value')
    return tf.mul(spread(tf.div(tf.add(toMean, tf.mul(toThird, third)), n)), tf.onesLike(x));
  // 1 or 0; not by tf.equal, since the webgpu backend cannot sum what is cast from truth values.
  const isLargest = tf.sub(1, tf.step(tf.sub(spread(part(y, 2)), x)));
  const shared = tf.div(toThird, tf.sum(isLargest, [1, 2]));
  return tf.add(tf.mul(isLargest, spread(shared)), spread(tf.div(toMean, n)));
});

/**
 * See `PoolOptions`. Points as large as the largest share its gradient alike; a largest of 0 shares it with those off the
 * board too, where what made x has no gradient anyway.
 * @param x [N, H, W, C], 0 off the board, and nowhere negative where there is a mask and a maximum.
 * @param mask [N, H, W, 1] of 0 and 1, or null for boards that fill their buffer. @returns [N, 3 C].
 */
export function globalPool(x: tf.Tensor4D, mask: tf.Tensor4D | null, kind: GlobalPool['kind']): tf.Tensor2D {
  const apply = tf.customGrad((...given) => {
    const [map, save] = given as unknown as [tf.Tensor4D, tf.GradSaveFunc];
    const masked: tf.NamedTensorMap = mask === null ? {} : { mask };
    const [value] = runKernel(GLOBAL_POOL, { x: map, ...masked }, { kind });
    save([map, value, ...Object.values(masked)]);
    return {
      value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [input, y, board] = saved;
        const known = { dy, x: input, y };
        return runKernel(GLOBAL_POOL_GRAD, board === undefined ? known : { ...known, mask: board }, { kind });
      },
    };
  });
  return apply(x) as tf.Tensor2D;
}
