/** Where the points of a map lie in a padded buffer, and where the windows of a convolution and their taps do. */
import type { backend_util } from '@tensorflow/tfjs-core';
import type { Native, Pointer } from './native.ts';

type Info = backend_util.Conv2DInfo;

export const upTo = (count: number, multiple: number): number => Math.ceil(count / multiple) * multiple;

/** A map [N, height, width, channels] with room around and between its points. */
export type Layout = {
  /** Of the buffer; channels are a multiple of 4. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** Of the map's first point in the buffer, and from one of its points to the next. */
  readonly top: number;
  readonly left: number;
  readonly rowStep: number;
  readonly columnStep: number;
};
export type Map = readonly [n: number, height: number, width: number, channels: number];

/** How windows lie over a layout. */
export type Windows = {
  readonly count: number;
  readonly outHeight: number;
  readonly outWidth: number;
  /** Of the first window, and from one to the next. */
  readonly top: number;
  readonly left: number;
  readonly rowStep: number;
  readonly columnStep: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
};

export const isPlain = ([, height, width, channels]: Map, layout: Layout): boolean =>
  height === layout.height && width === layout.width && channels === layout.channels;

export const layoutBytes = ([n]: Map, { height, width, channels }: Layout): number =>
  4 * n * height * width * channels;

/** Copies a map into its layout at `to`, with zeros wherever it has no point. */
export function place({ kernels }: Native, from: Pointer, map: Map, layout: Layout, to: Pointer): void {
  const [n, height, width, channels] = map;
  const { top, left, rowStep, columnStep } = layout;
  kernels.fill(to, layoutBytes(map, layout));
  if (map.includes(0)) return;
  const pixel = 4 * channels;
  const pixelTo = 4 * layout.channels;
  const isDense = columnStep === 1 && pixel === pixelTo;
  for (let image = 0; image < n; image++) {
    const first = to + ((image * layout.height + top) * layout.width + left) * pixelTo;
    const source = from + image * height * width * pixel;
    const step = rowStep * layout.width * pixelTo;
    if (isDense) kernels.copy(source, first, height, width * pixel, width * pixel, step);
    else
      for (let row = 0; row < height; row++)
        kernels.copy(
          source + row * width * pixel,
          first + row * step,
          width,
          pixel,
          pixel,
          columnStep * pixelTo,
        );
  }
}

/** Byte offsets of the windows, filled up to whole tiles. */
export function writeRows(table: Int32Array, layout: Layout, windows: Windows): void {
  const { count, outHeight, outWidth, top, left, rowStep, columnStep } = windows;
  const pixel = 4 * layout.channels;
  let at = 0;
  for (let image = 0; image < count; image++)
    for (let row = 0; row < outHeight; row++) {
      const start = (image * layout.height + top + row * rowStep) * layout.width + left;
      for (let column = 0; column < outWidth; column++) table[at++] = (start + column * columnStep) * pixel;
    }
  table.fill(0, at);
}

export function writeTaps(table: Int32Array, layout: Layout, windows: Windows): void {
  const { filterHeight, filterWidth, dilationHeight, dilationWidth } = windows;
  let at = 0;
  for (let i = 0; i < filterHeight; i++)
    for (let j = 0; j < filterWidth; j++)
      table[at++] = 4 * layout.channels * (i * dilationHeight * layout.width + j * dilationWidth);
}

export const forwardWindows = (info: Info): Windows => ({
  count: info.batchSize,
  outHeight: info.outHeight,
  outWidth: info.outWidth,
  top: 0,
  left: 0,
  rowStep: info.strideHeight,
  columnStep: info.strideWidth,
  filterHeight: info.filterHeight,
  filterWidth: info.filterWidth,
  dilationHeight: info.dilationHeight,
  dilationWidth: info.dilationWidth,
});

/** From the first to the last point of a filter, both counted. */
const spanHeight = (info: Info): number => (info.filterHeight - 1) * info.dilationHeight + 1;
const spanWidth = (info: Info): number => (info.filterWidth - 1) * info.dilationWidth + 1;

export const inputMap = (info: Info): Map => [info.batchSize, info.inHeight, info.inWidth, info.inChannels];
export const outputMap = (info: Info): Map => [
  info.batchSize,
  info.outHeight,
  info.outWidth,
  info.outChannels,
];

export function inputLayout(info: Info): Layout {
  const { top, left } = info.padInfo;
  return {
    height: Math.max(top + info.inHeight, (info.outHeight - 1) * info.strideHeight + spanHeight(info)),
    width: Math.max(left + info.inWidth, (info.outWidth - 1) * info.strideWidth + spanWidth(info)),
    channels: upTo(info.inChannels, 4),
    top,
    left,
    rowStep: 1,
    columnStep: 1,
  };
}

/** dy, with stride - 1 zeros between its points and what the turned filter needs around it, and windows over it. */
export function gradientLayout(info: Info): { layout: Layout; windows: Windows } {
  const { inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth, padInfo } = info;
  // Where the windows of the forward pass reached beyond the padding, they begin inside the map.
  const top = spanHeight(info) - 1 - padInfo.top;
  const left = spanWidth(info) - 1 - padInfo.left;
  const layout: Layout = {
    height: Math.max(
      Math.max(0, top) + (outHeight - 1) * strideHeight + 1,
      Math.max(0, -top) + inHeight - 1 + spanHeight(info),
    ),
    width: Math.max(
      Math.max(0, left) + (outWidth - 1) * strideWidth + 1,
      Math.max(0, -left) + inWidth - 1 + spanWidth(info),
    ),
    channels: upTo(info.outChannels, 4),
    top: Math.max(0, top),
    left: Math.max(0, left),
    rowStep: strideHeight,
    columnStep: strideWidth,
  };
  const windows: Windows = {
    ...forwardWindows(info),
    outHeight: inHeight,
    outWidth: inWidth,
    top: Math.max(0, -top),
    left: Math.max(0, -left),
    rowStep: 1,
    columnStep: 1,
  };
  return { layout, windows };
}
