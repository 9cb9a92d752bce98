/** Kernels of our own operations, see nets/ops, in place of their compositions. */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { BATCH_NORM, BATCH_NORM_GRAD, type BatchNorm } from '../../ops/batch-norm.ts';
import { Native } from './native/native.ts';
import { canNormalize, norm, normGradient } from './native/norm.ts';

type Infos = Record<string, TensorInfo>;

/** Replaces a kernel by one that may leave a call to it. */
function improve(name: string, improved: (stock: KernelFunc) => KernelFunc): void {
  const kernel = tf.getKernel(name, 'wasm');
  if (kernel === undefined) throw new Error(`internal: the WASM backend has no ${name}`);
  tf.unregisterKernel(name, 'wasm');
  tf.registerKernel({ ...kernel, kernelFunc: improved(kernel.kernelFunc) });
}

export function registerOurs(): void {
  // tfjs's copies, and is called for whatever a gradient remembers.
  improve('Identity', () => ({ inputs, backend }) => {
    const { dataId, shape, dtype } = (inputs as Infos).x;
    (backend as KernelBackend).incRef(dataId);
    return { dataId, shape, dtype };
  });
  improve(BATCH_NORM, (composed) => (call) => {
    const inputs = call.inputs as Infos;
    if (!canNormalize(inputs.x.shape[3])) return composed(call);
    return norm(Native.of(call.backend), inputs, call.attrs as unknown as BatchNorm);
  });
  improve(BATCH_NORM_GRAD, (composed) => (call) => {
    const inputs = call.inputs as Infos;
    return canNormalize(inputs.x.shape[3]) ? normGradient(Native.of(call.backend), inputs) : composed(call);
  });
}
