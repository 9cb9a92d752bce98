/**
 * tfjs's WASM backend as it comes, to compare with ours: the filter's gradient, which it lacks, is what one would write first
 * with tfjs's public operations, a matrix product for each tap. All other operations of ours are their compositions.
 */
import * as tf from '@tensorflow/tfjs-core';
import { findWasm } from '#nets/backend/backends.ts';

type Pad = 'same' | 'valid';

/** @returns dL/dfilter [kh, kw, CI, CO] of a convolution with stride 1, the only one that our nets have. */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, filterShape: number[], pad: Pad): tf.Tensor {
  const [kh, kw, ci, co] = filterShape;
  const [n, h, w] = dy.shape;
  const [top, left] = pad === 'same' ? [(kh - 1) >> 1, (kw - 1) >> 1] : [0, 0];
  const padded = tf.pad(x, [
    [0, 0],
    [top, kh - 1 - top],
    [left, kw - 1 - left],
    [0, 0],
  ]);
  const grads = tf.reshape(dy, [n * h * w, co]);
  const taps: tf.Tensor[] = [];
  for (let i = 0; i < kh; i++)
    for (let j = 0; j < kw; j++) {
      const seen = tf.reshape(tf.slice(padded, [0, i, j, 0], [n, h, w, ci]), [n * h * w, ci]);
      taps.push(tf.matMul(seen, grads, true));
    }
  return tf.reshape(tf.stack(taps), [kh, kw, ci, co]);
}

export async function useStockWasm(): Promise<void> {
  tf.enableProdMode();
  findWasm();
  tf.registerKernel({
    kernelName: 'Conv2DBackpropFilter',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as Record<string, tf.Tensor4D>;
      const { filterShape, pad } = attrs as unknown as { filterShape: number[]; pad: Pad };
      return tf.tidy(() => filterGradient(x, dy, filterShape, pad));
    },
  });
  await tf.setBackend('wasm');
}
