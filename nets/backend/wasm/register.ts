/** Makes the WASM backend of tfjs train: the gradient kernels that it lacks or that are slow. */
import * as tf from '@tensorflow/tfjs-core';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { hostKernel } from '../host.ts';
import { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise-gradients.ts';
import { improve } from './improve.ts';
import { conv, filterGradient, inputGradient } from './native/conv.ts';
import { Native } from './native/native.ts';
import { registerOurs } from './ours.ts';
import { maxPoolGradient, type PoolAttributes } from './pool-gradients.ts';

type Call = Parameters<KernelFunc>[0];
type Shape4 = [number, number, number, number];
type ConvAttributes = {
  readonly strides: [number, number] | number;
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dilations?: [number, number] | number | null;
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
};
type FusedAttributes = ConvAttributes & {
  readonly activation?: Parameters<typeof tf.backend_util.applyActivation>[1];
  readonly leakyreluAlpha?: number;
};
type Infos = Record<string, TensorInfo>;

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
  improve('BatchMatMul', (stock) => (call) => {
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
  });
}

/** Sizes, strides and padding of a convolution whose input has the shape `x`. */
function convInfo(
  x: readonly number[],
  filter: readonly number[],
  attributes: Call['attrs'],
  depthwise = false,
): tf.backend_util.Conv2DInfo {
  const {
    strides,
    pad,
    dilations,
    dataFormat = 'NHWC',
    dimRoundingMode,
  } = attributes as unknown as ConvAttributes;
  if (dataFormat !== 'NHWC')
    throw new Error(`The WASM backend computes NHWC convolutions, not ${dataFormat}.`);
  return tf.backend_util.computeConv2DInfo(
    x as Shape4,
    filter as Shape4,
    strides,
    dilations ?? 1,
    pad,
    dimRoundingMode,
    depthwise,
  );
}

/** Our own kernels: tfjs's lack the filter's gradient, are half as fast, and misread some strides wider than the filter. */
function registerConvolutions(): void {
  replace('Conv2D', ({ inputs, attrs, backend }) => {
    const { x, filter } = inputs as Infos;
    return conv(Native.of(backend), x, filter, convInfo(x.shape, filter.shape, attrs));
  });
  replace('Conv2DBackpropInput', ({ inputs, attrs, backend }) => {
    const { dy, filter } = inputs as Infos;
    const { inputShape } = attrs as unknown as { inputShape: number[] };
    return inputGradient(Native.of(backend), dy, filter, convInfo(inputShape, filter.shape, attrs));
  });
  replace('Conv2DBackpropFilter', ({ inputs, attrs, backend }) => {
    const { x, dy } = inputs as Infos;
    const { filterShape } = attrs as unknown as { filterShape: number[] };
    return filterGradient(Native.of(backend), x, dy, convInfo(x.shape, filterShape, attrs));
  });
  compose('FusedConv2D', ({ x, filter, bias, preluActivationWeights }, attributes) => {
    const {
      strides,
      pad,
      dilations,
      dataFormat,
      dimRoundingMode,
      activation = 'linear',
      leakyreluAlpha,
    } = attributes as unknown as FusedAttributes;
    const y = tf.conv2d(x, filter, strides, pad, dataFormat, dilations ?? 1, dimRoundingMode);
    // Without a bias tfjs gives none, or null.
    const shifted = bias ? tf.add(y, bias) : y;
    return tf.backend_util.applyActivation(shifted, activation, preluActivationWeights, leakyreluAlpha);
  });
}

/**
 * Depthwise convolutions are tfjs's, but for strides wider than the filter, where it pads 'same' as XNNPACK does, which is
 * otherwise than tfjs's.
 */
function correctDepthwise(): void {
  for (const name of ['DepthwiseConv2dNative', 'FusedDepthwiseConv2D'])
    improve(name, (stock) => (call) => {
      const { x, filter, bias, preluActivationWeights } = call.inputs as Record<string, tf.Tensor4D>;
      const { activation = 'linear', leakyreluAlpha } = call.attrs as unknown as FusedAttributes;
      const info = convInfo(x.shape, filter.shape, call.attrs, true);
      const { strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = info;
      if (padInfo.type !== 'SAME' || (strideHeight <= filterHeight && strideWidth <= filterWidth))
        return stock(call);
      return tf.tidy(() => {
        const { top, bottom, left, right } = padInfo;
        const gaps: [number, number][] = [
          [0, 0],
          [top, bottom],
          [left, right],
          [0, 0],
        ];
        const y = tf.depthwiseConv2d(tf.pad(x, gaps), filter, [strideHeight, strideWidth], 'valid');
        const shifted = bias ? tf.add(y, bias) : y;
        return tf.backend_util.applyActivation(shifted, activation, preluActivationWeights, leakyreluAlpha);
      });
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
  registerConvolutions();
  registerOurs();
  correctDepthwise();
  compose('DepthwiseConv2dNativeBackpropInput', ({ dy, filter }, attributes) => {
    const { inputShape } = attributes as unknown as { inputShape: number[] };
    const info = convInfo(inputShape, filter.shape, attributes, true);
    return depthwiseInputGradient(dy, filter, info);
  });
  compose('DepthwiseConv2dNativeBackpropFilter', ({ x, dy }, attributes) => {
    const { filterShape } = attributes as unknown as { filterShape: number[] };
    const info = convInfo(x.shape, filterShape, attributes, true);
    return depthwiseFilterGradient(x, dy, info);
  });
}
