/** Tensors of float64, for what float32 would drown. */
import * as tf from '@tensorflow/tfjs-core';
import { vi } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';

/**
 * Runs on the cpu backend in float64: whenever tfjs makes an array there, it looks up the global `Float32Array`, which is
 * `Float64Array` meanwhile. Layers, weights and tensors have to be made within.
 */
export async function inFloat64<T>(run: () => T): Promise<T> {
  await useBackend('cpu');
  const known = vi.spyOn(tf.env().platform, 'isTypedArray').mockImplementation((a) => ArrayBuffer.isView(a));
  vi.stubGlobal('Float32Array', Float64Array);
  try {
    return run();
  } finally {
    vi.unstubAllGlobals();
    known.mockRestore();
  }
}
