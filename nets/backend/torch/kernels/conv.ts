/**
 * Convolutions and their gradients. tfjs's NHWC tensors are channels-last views of NCHW ones, so layout costs nothing;
 * filters, HWIO there and OIHW here, are small and copied.
 */
import { backend_util } from '@tensorflow/tfjs-core';
import {
  GROUPED_CONV,
  GROUPED_CONV_FILTER_GRAD,
  GROUPED_CONV_INPUT_GRAD,
} from '../../../ops/grouped-conv.ts';
import type { Handle } from '../addon.ts';
import { aten } from '../aten.ts';
import { define } from '../kernel.ts';
import type { Handles, Infos } from '../kernel.ts';
import { finish, type Fused } from './activation.ts';
import { convolve, filterFirst, filterGradient, filterLast, inputGradient } from './convolve.ts';
import { channelsFirst, channelsLast, windowsOf, type Windows } from './windows.ts';

const permute = aten('permute');
const reshape = aten('reshape');

type Shape4 = [number, number, number, number];
type Shape5 = [number, number, number, number, number];

type Conv2D = {
  strides: [number, number] | number;
  pad: Parameters<typeof backend_util.computeConv2DInfo>[4];
  dataFormat?: 'NHWC' | 'NCHW';
  dilations?: [number, number] | number | null;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
};
type Conv3D = {
  strides: [number, number, number] | number;
  pad: 'valid' | 'same';
  dilations?: [number, number, number] | number;
};

function windows2D(x: readonly number[], filter: readonly number[], a: Conv2D, depthwise: boolean): Windows {
  const { strides, pad, dataFormat = 'NHWC', dimRoundingMode } = a;
  const dilations = a.dilations ?? 1;
  const format = dataFormat === 'NHWC' ? 'channelsLast' : 'channelsFirst';
  return windowsOf(
    backend_util.computeConv2DInfo(
      x as Shape4,
      filter as Shape4,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      depthwise,
      format,
    ),
  );
}

function windows3D(x: readonly number[], filter: readonly number[], a: Conv3D): Windows {
  const { strides, pad, dilations = 1 } = a;
  return windowsOf(backend_util.computeConv3DInfo(x as Shape5, filter as Shape5, strides, dilations, pad));
}

/** [H, W, C, M] to [C * M, 1, H, W], the filter of C groups. */
function depthwiseFirst(filter: Handle, [h, w, c, m]: readonly number[]): Handle {
  return reshape(permute(filter, [2, 3, 0, 1]), [c * m, 1, h, w]);
}

const isFirst = (a: Conv2D): boolean => a.dataFormat === 'NCHW';

function conv2D(x: Handle, filter: Handle, bias: Handle | null, a: Conv2D, infos: Infos): Handle {
  const windows = windows2D(infos.x.shape, infos.filter.shape, a, false);
  const groups = infos.x.shape[isFirst(a) ? 1 : 3] / infos.filter.shape[2];
  const y = convolve(isFirst(a) ? x : channelsFirst(x, 4), filterFirst(filter, 4), bias, windows, groups);
  return isFirst(a) ? y : channelsLast(y, 4);
}

function conv2DInputGradient(
  { dy, filter }: Handles,
  a: Conv2D & { inputShape: number[] },
  infos: Infos,
): Handle {
  const { shape } = infos.filter;
  const windows = windows2D(a.inputShape, shape, a, false);
  const groups = a.inputShape[isFirst(a) ? 1 : 3] / shape[2];
  if (isFirst(a)) return inputGradient(dy, filterFirst(filter, 4), a.inputShape, windows, groups);
  const [n, h, w, c] = a.inputShape;
  const dx = inputGradient(channelsFirst(dy, 4), filterFirst(filter, 4), [n, c, h, w], windows, groups);
  return channelsLast(dx, 4);
}

function conv2DFilterGradient(
  { x, dy }: Handles,
  a: Conv2D & { filterShape: number[] },
  infos: Infos,
): Handle {
  const windows = windows2D(infos.x.shape, a.filterShape, a, false);
  const [h, w, i, o] = a.filterShape;
  const groups = infos.x.shape[isFirst(a) ? 1 : 3] / i;
  const [input, output] = isFirst(a) ? [x, dy] : [channelsFirst(x, 4), channelsFirst(dy, 4)];
  return filterLast(filterGradient(input, output, [o, i, h, w], windows, groups), 4);
}

function depthwise2D(x: Handle, filter: Handle, a: Conv2D, infos: Infos): Handle {
  const { shape } = infos.filter;
  const windows = windows2D(infos.x.shape, shape, a, true);
  const y = convolve(channelsFirst(x, 4), depthwiseFirst(filter, shape), null, windows, shape[2]);
  return channelsLast(y, 4);
}

export function registerConv(): void {
  for (const name of ['Conv2D', GROUPED_CONV])
    define<Conv2D>(name, ({ x, filter }, a, infos) => conv2D(x, filter, null, a, infos));
  define<Conv2D & Fused>('FusedConv2D', ({ x, filter, bias, preluActivationWeights }, a, infos) => {
    // A bias for each channel goes into the convolution; any other shape is added as it is.
    const perChannel =
      bias !== undefined && infos.bias.shape.length === 1 && infos.bias.shape[0] === infos.filter.shape[3];
    const y = conv2D(x, filter, perChannel ? bias : null, a, infos);
    const slopes =
      preluActivationWeights !== undefined && isFirst(a) && infos.preluActivationWeights.shape.length === 1
        ? reshape(preluActivationWeights, [-1, 1, 1])
        : preluActivationWeights;
    return finish(y, a, perChannel ? undefined : bias, slopes);
  });
  for (const name of ['Conv2DBackpropInput', GROUPED_CONV_INPUT_GRAD]) define(name, conv2DInputGradient);
  for (const name of ['Conv2DBackpropFilter', GROUPED_CONV_FILTER_GRAD]) define(name, conv2DFilterGradient);
  define<Conv2D>('DepthwiseConv2dNative', ({ x, filter }, a, infos) => depthwise2D(x, filter, a, infos));
  define<Conv2D & Fused>('FusedDepthwiseConv2D', ({ x, filter, bias, preluActivationWeights }, a, infos) =>
    finish(depthwise2D(x, filter, a, infos), a, bias, preluActivationWeights),
  );
  define<Conv2D & { inputShape: number[] }>(
    'DepthwiseConv2dNativeBackpropInput',
    ({ dy, filter }, a, infos) => {
      const { shape } = infos.filter;
      const [n, h, w, c] = a.inputShape;
      const windows = windows2D(a.inputShape, shape, a, true);
      return channelsLast(
        inputGradient(channelsFirst(dy, 4), depthwiseFirst(filter, shape), [n, c, h, w], windows, c),
        4,
      );
    },
  );
  define<Conv2D & { filterShape: number[] }>('DepthwiseConv2dNativeBackpropFilter', ({ x, dy }, a, infos) => {
    const [h, w, c, m] = a.filterShape;
    const windows = windows2D(infos.x.shape, a.filterShape, a, true);
    const dw = filterGradient(channelsFirst(x, 4), channelsFirst(dy, 4), [c * m, 1, h, w], windows, c);
    return permute(reshape(dw, [c, m, h, w]), [2, 3, 0, 1]);
  });
  define<Conv3D>('Conv3D', ({ x, filter }, a, infos) => {
    const windows = windows3D(infos.x.shape, infos.filter.shape, a);
    return channelsLast(convolve(channelsFirst(x, 5), filterFirst(filter, 5), null, windows, 1), 5);
  });
  define<Conv3D & { inputShape: number[] }>('Conv3DBackpropInputV2', ({ dy, filter }, a, infos) => {
    const windows = windows3D(a.inputShape, infos.filter.shape, a);
    const [n, d, h, w, c] = a.inputShape;
    return channelsLast(
      inputGradient(channelsFirst(dy, 5), filterFirst(filter, 5), [n, c, d, h, w], windows, 1),
      5,
    );
  });
  define<Conv3D & { filterShape: number[] }>('Conv3DBackpropFilterV2', ({ x, dy }, a, infos) => {
    const windows = windows3D(infos.x.shape, a.filterShape, a);
    const [d, h, w, i, o] = a.filterShape;
    return filterLast(
      filterGradient(channelsFirst(x, 5), channelsFirst(dy, 5), [o, i, d, h, w], windows, 1),
      5,
    );
  });
}
