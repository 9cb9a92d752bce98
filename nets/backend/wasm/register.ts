/** Makes the WASM backend of tfjs train: the gradient kernels that it lacks or that are slow. */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc } from '@tensorflow/tfjs-core';
import { hostKernel } from '../host.ts';
import {
  convInfo,
  depthwiseFilterGradient,
  depthwiseInputGradient,
  filterGradient,
  inputGradient,
  type ConvAttributes,
} from './conv-gradients.ts';
import { maxPoolGradient, type PoolAttributes } from './pool-gradients.ts';

type Call = Parameters<KernelFunc>[0];

/** Kernels that are missing or compute wrongly, and that no net of ours needs fast: tfjs's cpu backend has them right. */
const ON_HOST = [
  'UnsortedSegmentSum',
  'ResizeNearestNeighborGrad',
  'MaxPool3DGrad',
  'Conv3DBackpropInputV2',
  'Conv3DBackpropFilterV2',
];

function replace(name: string, kernelFunc: KernelFunc): void {
  if (tf.getKernel(name, 'wasm') !== undefined) tf.unregisterKernel(name, 'wasm');
  tf.registerKernel({ kernelName: name, backendName: 'wasm', kernelFunc });
}

/** A kernel made of tfjs operations: what they make on the way is disposed. */
function compose(
  name: string,
  body: (inputs: Record<string, tf.Tensor4D>, attributes: Call['attrs']) => tf.Tensor,
): void {
  replace(name, ({ inputs, attrs }) => tf.tidy(() => body(inputs as Record<string, tf.Tensor4D>, attrs)));
}

/** XNNPACK multiplies only matrices that are not transposed, so that turning them first pays. */
function turnFirst(): void {
  const kernel = tf.getKernel('BatchMatMul', 'wasm');
  if (kernel === undefined) throw new Error('internal: the WASM backend has no BatchMatMul');
  const { kernelFunc: stock } = kernel;
  tf.unregisterKernel('BatchMatMul', 'wasm');
  tf.registerKernel({
    ...kernel,
    kernelFunc: (call) => {
      const { a, b } = call.inputs as Record<string, tf.Tensor>;
      const { transposeA, transposeB } = call.attrs as { transposeA: boolean; transposeB: boolean };
      if ((!transposeA && !transposeB) || a.shape.length !== 3 || a.shape[0] !== 1 || b.shape[0] !== 1)
        return stock(call);
      const turn = (x: tf.Tensor, wanted: boolean): tf.Tensor => (wanted ? tf.transpose(x, [0, 2, 1]) : x);
      const [turnedA, turnedB] = [turn(a, transposeA), turn(b, transposeB)];
      const attrs = { ...call.attrs, transposeA: false, transposeB: false };
      const product = stock({ ...call, inputs: { a: turnedA, b: turnedB }, attrs });
      if (transposeA) turnedA.dispose();
      if (transposeB) turnedB.dispose();
      return product;
    },
  });
}

let isRegistered = false;

export function registerWasmGradients(): void {
  if (isRegistered) return;
  isRegistered = true;
  turnFirst();
  for (const name of ON_HOST) replace(name, hostKernel(name));
  compose('MaxPoolGrad', ({ dy, input, output }, attributes) =>
    maxPoolGradient(dy, input, output, attributes as unknown as PoolAttributes),
  );
  compose('Conv2DBackpropInput', ({ dy, filter }, attributes) => {
    const { inputShape } = attributes as unknown as { inputShape: number[] };
    return inputGradient(
      dy,
      filter,
      convInfo(inputShape, filter.shape, attributes as unknown as ConvAttributes, false),
    );
  });
  compose('Conv2DBackpropFilter', ({ x, dy }, attributes) => {
    const { filterShape } = attributes as unknown as { filterShape: number[] };
    return filterGradient(
      x,
      dy,
      convInfo(x.shape, filterShape, attributes as unknown as ConvAttributes, false),
    );
  });
  compose('DepthwiseConv2dNativeBackpropInput', ({ dy, filter }, attributes) => {
    const { inputShape } = attributes as unknown as { inputShape: number[] };
    const info = convInfo(inputShape, filter.shape, attributes as unknown as ConvAttributes, true);
    return depthwiseInputGradient(dy, filter, info);
  });
  compose('DepthwiseConv2dNativeBackpropFilter', ({ x, dy }, attributes) => {
    const { filterShape } = attributes as unknown as { filterShape: number[] };
    const info = convInfo(x.shape, filterShape, attributes as unknown as ConvAttributes, true);
    return depthwiseFilterGradient(x, dy, info);
  });
}
