/** What convolutions and pools share: their windows in ATen's terms, and channels-last tensors as channels-first views. */
import type { backend_util } from '@tensorflow/tfjs-core';
import type { Handle } from '../addon.ts';
import { aten } from '../aten.ts';
import { padding } from './shape.ts';

type Info2D = backend_util.Conv2DInfo;
type Info3D = backend_util.Conv3DInfo;

const permute = aten('permute');
const pad = aten('constant_pad_nd');
const slice = aten('slice.Tensor');

export type Windows = {
  readonly kernel: number[];
  readonly stride: number[];
  readonly dilation: number[];
  /** The same before and after, as ATen can do it. */
  readonly pad: number[];
  /** [before, after] where they differ, to be padded beforehand; null where `pad` says all. */
  readonly uneven: number[][] | null;
};

export function windowsOf(info: Info2D | Info3D): Windows {
  const axes = [
    {
      side: info.inHeight,
      out: info.outHeight,
      size: info.filterHeight,
      stride: info.strideHeight,
      dilation: info.dilationHeight,
      before: info.padInfo.top,
      after: info.padInfo.bottom,
    },
    {
      side: info.inWidth,
      out: info.outWidth,
      size: info.filterWidth,
      stride: info.strideWidth,
      dilation: info.dilationWidth,
      before: info.padInfo.left,
      after: info.padInfo.right,
    },
  ];
  if ('filterDepth' in info)
    axes.unshift({
      side: info.inDepth,
      out: info.outDepth,
      size: info.filterDepth,
      stride: info.strideDepth,
      dilation: info.dilationDepth,
      before: info.padInfo.front,
      after: info.padInfo.back,
    });
  const pairs = axes.map(({ side, out, size, stride, dilation, before, after }) => {
    // Where sizes were rounded up, the last window reaches beyond the padding.
    const reach = (out - 1) * stride + (size - 1) * dilation + 1;
    return [before, Math.max(after, reach - side - before)];
  });
  const isEven = pairs.every(([before, after]) => before === after);
  return {
    kernel: axes.map(({ size }) => size),
    stride: axes.map(({ stride }) => stride),
    dilation: axes.map(({ dilation }) => dilation),
    pad: pairs.map(([before]) => (isEven ? before : 0)),
    uneven: isEven ? null : pairs,
  };
}

/** [N, ...space, C] as the view [N, C, ...space], or back; nothing is copied. */
export const channelsFirst = (x: Handle, rank: number): Handle =>
  permute(x, [0, rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)]);
export const channelsLast = (x: Handle, rank: number): Handle =>
  permute(x, [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1]);

/** Pads the space of a channels-first tensor where the windows ask for it. */
export function padUneven(x: Handle, { uneven }: Windows, value: number): Handle {
  return uneven === null ? x : pad(x, padding(uneven), value);
}

/** Takes that padding off again. @param space of the tensor before it was padded. */
export function cropUneven(x: Handle, { uneven }: Windows, space: readonly number[]): Handle {
  if (uneven === null) return x;
  return space.reduce((part, side, i) => slice(part, i + 2, uneven[i][0], uneven[i][0] + side, 1), x);
}
