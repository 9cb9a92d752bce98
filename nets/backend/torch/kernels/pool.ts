/** Pooling and its gradients, in two and three dimensions. */
import { backend_util } from '@tensorflow/tfjs-core';
import type { Handle } from '../addon.ts';
import { SCALAR_TYPE, aten, atenMany } from '../aten.ts';
import { define } from '../kernel.ts';
import { channelsFirst, channelsLast, cropUneven, padUneven, windowsOf, type Windows } from './windows.ts';

type Pool = {
  filterSize: number | number[];
  strides: number | number[];
  pad: 'valid' | 'same' | number;
  dilations?: number | number[];
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
};

const OPERATORS = {
  4: {
    max: atenMany('max_pool2d_with_indices'),
    maxBackward: aten('max_pool2d_with_indices_backward'),
    average: aten('avg_pool2d'),
    averageBackward: aten('avg_pool2d_backward'),
  },
  5: {
    max: atenMany('max_pool3d_with_indices'),
    maxBackward: aten('max_pool3d_with_indices_backward'),
    average: aten('avg_pool3d'),
    averageBackward: aten('avg_pool3d_backward'),
  },
} as const;

const onesLike = aten('ones_like');
const div = aten('div.Tensor');
const to = aten('to.dtype');
const clampMin = aten('clamp_min');

type Rank = keyof typeof OPERATORS;

function poolWindows(
  shape: readonly number[],
  { filterSize, strides, pad, dilations = 1, dimRoundingMode }: Pool,
): Windows {
  if (shape.length === 4)
    return windowsOf(
      backend_util.computePool2DInfo(
        shape as [number, number, number, number],
        filterSize as number,
        strides as number,
        dilations as number,
        pad,
        dimRoundingMode,
      ),
    );
  return windowsOf(
    backend_util.computePool3DInfo(
      shape as [number, number, number, number, number],
      filterSize as number,
      strides as number,
      dilations as number,
      pad,
      dimRoundingMode,
    ),
  );
}

/** Padding beyond half the window, which ATen refuses, is done beforehand like uneven padding. */
function reachable(windows: Windows): Windows {
  const { pad, kernel, uneven } = windows;
  if (uneven !== null || pad.every((side, i) => 2 * side <= kernel[i])) return windows;
  return { ...windows, pad: pad.map(() => 0), uneven: pad.map((side) => [side, side]) };
}

/** Which share of each window is of the tensor and not of the padding done beforehand; a window of padding alone has the mean 0. */
function shareInside(x: Handle, windows: Windows, rank: Rank): Handle {
  const { kernel, stride, pad } = windows;
  const ones = padUneven(onesLike(x), windows, 0);
  return clampMin(OPERATORS[rank].average(ones, kernel, stride, pad, false, true), 1e-30);
}

/** Means over the points of each window that are of the tensor and not of its padding. */
function average(x: Handle, windows: Windows, rank: Rank): Handle {
  const { kernel, stride, pad, uneven } = windows;
  const y = OPERATORS[rank].average(padUneven(x, windows, 0), kernel, stride, pad, false, uneven !== null);
  return uneven === null ? y : div(y, shareInside(x, windows, rank));
}

function averageGradient(
  dy: Handle,
  x: Handle,
  windows: Windows,
  rank: Rank,
  space: readonly number[],
): Handle {
  const { kernel, stride, pad, uneven } = windows;
  const shares = uneven === null ? dy : div(dy, shareInside(x, windows, rank));
  const input = padUneven(x, windows, 0);
  const includesPadding = uneven !== null;
  const { averageBackward } = OPERATORS[rank];
  const dx = averageBackward(shares, input, kernel, stride, pad, false, includesPadding, null);
  return cropUneven(dx, windows, space);
}

export function registerPool(): void {
  for (const [rank, suffix] of [
    [4, ''],
    [5, '3D'],
  ] as const) {
    const { max, maxBackward } = OPERATORS[rank];
    define<Pool>(`MaxPool${suffix}`, ({ x }, a, infos) => {
      const windows = reachable(poolWindows(infos.x.shape, a));
      const floats = infos.x.dtype === 'float32' ? x : to(x, SCALAR_TYPE.float32);
      const padded = padUneven(channelsFirst(floats, rank), windows, -Infinity);
      const [y] = max(padded, windows.kernel, windows.stride, windows.pad, windows.dilation, false);
      return channelsLast(infos.x.dtype === 'float32' ? y : to(y, SCALAR_TYPE.int32), rank);
    });
    define<Pool>(`MaxPool${suffix}Grad`, ({ dy, input }, a, infos) => {
      const windows = reachable(poolWindows(infos.input.shape, a));
      const padded = padUneven(channelsFirst(input, rank), windows, -Infinity);
      const { kernel, stride, pad, dilation } = windows;
      const [, indices] = max(padded, kernel, stride, pad, dilation, false);
      const dx = maxBackward(channelsFirst(dy, rank), padded, kernel, stride, pad, dilation, false, indices);
      return channelsLast(cropUneven(dx, windows, infos.input.shape.slice(1, -1)), rank);
    });
    define<Pool>(`AvgPool${suffix}`, ({ x }, a, infos) => {
      const windows = reachable(poolWindows(infos.x.shape, a));
      return channelsLast(average(channelsFirst(x, rank), windows, rank), rank);
    });
    define<Pool>(`AvgPool${suffix}Grad`, ({ dy, input }, a, infos) => {
      const windows = reachable(poolWindows(infos.input.shape, a));
      const space = infos.input.shape.slice(1, -1);
      const dx = averageGradient(channelsFirst(dy, rank), channelsFirst(input, rank), windows, rank, space);
      return channelsLast(dx, rank);
    });
  }
}
