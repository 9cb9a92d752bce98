/** Convolution in groups of channels as one operation: tfjs has none. */
import * as tf from '@tensorflow/tfjs-core';
import { defineComposition, runKernel } from './composition.ts';

/** Inputs x [N, H, W, CI] and filter [h, w, CI / groups, CO]; output [N, H', W', CO]. */
export const GROUPED_CONV = 'TengenGroupedConv';
/** Inputs dy [N, H', W', CO] and filter; attribute inputShape besides; output like x. */
export const GROUPED_CONV_INPUT_GRAD = 'TengenGroupedConvInputGrad';
/** Inputs x and dy; attribute filterShape besides; output like filter. */
export const GROUPED_CONV_FILTER_GRAD = 'TengenGroupedConvFilterGrad';

type Padding = 'valid' | 'same' | tf.backend_util.ExplicitPadding;
type GroupedConv = { readonly strides: number; readonly pad: Padding };
type Shape4 = [number, number, number, number];

/** The kernel of tfjs's own convolution on each part of the channels, and what it makes along them. */
function onParts(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor[]>>,
  attributes: GroupedConv & object,
): tf.Tensor {
  const [parts] = Object.values(inputs);
  const results = parts.map((_, i) => {
    const part = Object.fromEntries(Object.entries(inputs).map(([key, list]) => [key, list[i]]));
    return runKernel(name, part, {
      dataFormat: 'NHWC',
      dilations: 1,
      dimRoundingMode: undefined,
      ...attributes,
    })[0];
  });
  return tf.concat(results, 3);
}

const split = (x: tf.Tensor, groups: number): tf.Tensor[] => tf.split(x, groups, 3);
const groupsOf = (x: readonly number[], filter: readonly number[]): number => x[3] / filter[2];
const narrow = ([n, h, w, c]: Shape4, groups: number): Shape4 => [n, h, w, c / groups];

defineComposition(GROUPED_CONV, ({ x, filter }, attributes) => {
  const groups = groupsOf(x.shape, filter.shape);
  return onParts('Conv2D', { x: split(x, groups), filter: split(filter, groups) }, attributes as GroupedConv);
});

defineComposition(GROUPED_CONV_INPUT_GRAD, ({ dy, filter }, attributes) => {
  const { inputShape, ...windows } = attributes as GroupedConv & { inputShape: Shape4 };
  const groups = groupsOf(inputShape, filter.shape);
  const parts = { dy: split(dy, groups), filter: split(filter, groups) };
  return onParts('Conv2DBackpropInput', parts, {
    ...windows,
    inputShape: narrow(inputShape, groups),
  } as GroupedConv);
});

defineComposition(GROUPED_CONV_FILTER_GRAD, ({ x, dy }, attributes) => {
  const { filterShape, ...windows } = attributes as GroupedConv & { filterShape: Shape4 };
  const groups = groupsOf(x.shape, filterShape);
  const parts = { x: split(x, groups), dy: split(dy, groups) };
  return onParts('Conv2DBackpropFilter', parts, {
    ...windows,
    filterShape: narrow(filterShape, groups),
  } as GroupedConv);
});

tf.registerGradient({
  kernelName: GROUPED_CONV,
  inputsToSave: ['x', 'filter'],
  gradFunc: (given, [x, filter], attributes) => {
    const dy = given as tf.Tensor;
    const [inputShape, filterShape] = [x.shape, filter.shape];
    return {
      x: () => runKernel(GROUPED_CONV_INPUT_GRAD, { dy, filter }, { ...attributes, inputShape })[0],
      filter: () => runKernel(GROUPED_CONV_FILTER_GRAD, { x, dy }, { ...attributes, filterShape })[0],
    };
  },
});

/**
 * The i-th of the groups of output channels is a convolution of the i-th part of the input channels, and of no other
 * (Krizhevsky et al. 2012, section 3.5; Xie et al. 2017, section 3.3).
 * @param x float32 [N, H, W, CI] @param filter [h, w, CI / groups, CO], groups a divisor of CO.
 * @returns [N, H', W', CO].
 */
export function groupedConv(x: tf.Tensor4D, filter: tf.Tensor4D, strides: number, pad: Padding): tf.Tensor4D {
  const groups = groupsOf(x.shape, filter.shape);
  if (!Number.isInteger(groups) || filter.shape[3] % groups !== 0)
    throw new Error(`internal: a filter [${filter.shape.join()}] for ${x.shape[3]} channels`);
  return runKernel(GROUPED_CONV, { x, filter }, { strides, pad })[0] as tf.Tensor4D;
}
