/** How a kernel that the WASM backend has becomes a better one. */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc } from '@tensorflow/tfjs-core';

/** Replaces a kernel by one that may leave a call to it. */
export function improve(name: string, improved: (stock: KernelFunc) => KernelFunc): void {
  const kernel = tf.getKernel(name, 'wasm');
  if (kernel === undefined) throw new Error(`internal: the WASM backend has no ${name}`);
  tf.unregisterKernel(name, 'wasm');
  // A kernel's own setup, where it has one, binds its compiled function once more.
  tf.registerKernel({ ...kernel, kernelFunc: improved(kernel.kernelFunc) });
}
