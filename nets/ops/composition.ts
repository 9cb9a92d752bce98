/** Operations of our own: a composition of tfjs operations for every backend that brings no kernel for them. */
import * as tf from '@tensorflow/tfjs-core';

/** Backends whose kernels for our operations are compositions; "torch" registers its own. */
const COMPOSING = ['cpu', 'wasm', 'webgpu', 'tensorflow'] as const;

type Body = (
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, unknown>,
) => tf.Tensor | tf.Tensor[];

/** Registers `body` as the kernel `name`; what it makes on the way is disposed. */
export function defineComposition(name: string, body: Body): void {
  for (const backendName of COMPOSING)
    tf.registerKernel({
      kernelName: name,
      backendName,
      kernelFunc: ({ inputs, attrs }) =>
        tf.tidy(() => body(inputs as Record<string, tf.Tensor>, (attrs ?? {}) as Record<string, unknown>)),
    });
}

/** Runs a kernel of ours; its outputs as a list. */
export function runKernel(name: string, inputs: tf.NamedTensorMap, attributes: object = {}): tf.Tensor[] {
  const made = tf.engine().runKernel(name, inputs, attributes as tf.NamedAttrMap) as tf.Tensor | tf.Tensor[];
  return Array.isArray(made) ? made : [made];
}
