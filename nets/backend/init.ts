/** Chooses and starts the tensor backend. */
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

export type BackendName = 'wasm' | 'cpu';

/** Starts `name` and makes it the current backend; throws when it cannot start. */
export async function initBackend(name: BackendName = 'wasm'): Promise<void> {
  tf.enableProdMode();
  if (name === 'wasm') {
    const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(join(dirname(main), '..', 'wasm-out') + '/');
  }
  if (!(await tf.setBackend(name))) throw new Error(`internal: the ${name} tensor backend did not start`);
  await tf.ready();
}
