/**
 * Convolutions and their gradients as calls of the kernels: inputs are laid out with their padding, and tables say where
 * the window of each output point begins and where in a window each tap lies.
 */
import type { TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import { COLUMNS, ROWS } from './conv-kernels.ts';
import type { Native } from './native.ts';
import {
  forwardWindows,
  gradientLayout,
  inputLayout,
  inputMap,
  isPlain,
  layoutBytes,
  outputMap,
  place,
  upTo,
  writeRows,
  writeTaps,
  type Layout,
  type Map,
  type Windows,
} from './layout.ts';

type Info = backend_util.Conv2DInfo;

/** Points at a time: their inputs stay in a core's first cache while all channels of the output are computed. */
const CONV_POINTS = 32 * ROWS;
const OUTER_POINTS = 128;

/** A filter as the kernel reads it: for eight outputs after eight, taps x inputs x 8, with zeros where there is none. */
function pack(
  from: Float32Array,
  to: Float32Array,
  { taps, inputs, depth, outputs }: { taps: number; inputs: number; depth: number; outputs: number },
  valueAt: { tap: number; input: number; output: number; first: number },
): void {
  to.fill(0);
  for (let panel = 0; panel < outputs; panel += COLUMNS) {
    const columns = Math.min(COLUMNS, outputs - panel);
    for (let tap = 0; tap < taps; tap++)
      for (let input = 0; input < inputs; input++) {
        const target = ((panel / COLUMNS) * taps + tap) * depth * COLUMNS + input * COLUMNS;
        const source = valueAt.first + tap * valueAt.tap + input * valueAt.input + panel * valueAt.output;
        for (let j = 0; j < columns; j++) to[target + j] = from[source + j * valueAt.output];
      }
  }
}

/** y[window, output] = sum over taps and inputs; `filter` is [taps, inputs, outputs], or turned [taps, outputs, inputs]. */
function convolve(
  native: Native,
  x: TensorInfo,
  map: Map,
  layout: Layout,
  windows: Windows,
  filter: TensorInfo,
  outputs: number,
  turned: boolean,
): TensorInfo {
  const { kernels } = native;
  const { outHeight, outWidth, filterHeight, filterWidth } = windows;
  const [n, , , inputs] = map;
  const y = native.make([n, outHeight, outWidth, outputs]);
  const points = n * outHeight * outWidth;
  if (points * outputs === 0) return y;
  const taps = filterHeight * filterWidth;
  const depth = layout.channels;
  const panelFloats = taps * depth * COLUMNS;
  const panelCount = Math.ceil(outputs / COLUMNS);
  const plain = isPlain(map, layout);
  const [rows, tapTable, panels, spare, room] = native.workspace(
    4 * upTo(points, ROWS),
    4 * taps,
    4 * panelFloats * panelCount,
    4 * COLUMNS,
    plain ? 0 : layoutBytes(map, layout),
  );
  const start = plain ? native.pointer(x) : room;
  if (!plain) place(native, native.pointer(x), map, layout, room);
  writeRows(native.integers(rows, upTo(points, ROWS)), layout, windows);
  writeTaps(native.integers(tapTable, taps), layout, windows);
  const size = taps * inputs * outputs;
  pack(
    native.floats(native.pointer(filter), size),
    native.floats(panels, panelFloats * panelCount),
    { taps, inputs, depth, outputs },
    turned
      ? { tap: -inputs * outputs, input: 1, output: inputs, first: size - inputs * outputs }
      : { tap: inputs * outputs, input: outputs, output: 1, first: 0 },
  );
  const out = native.pointer(y);
  for (let point = 0; point < points; point += CONV_POINTS)
    for (let panel = 0; panel < panelCount; panel++)
      kernels.conv(
        start,
        rows + 4 * point,
        Math.min(CONV_POINTS, points - point),
        tapTable,
        taps,
        depth / 4,
        panels + 4 * panelFloats * panel,
        out + 4 * (point * outputs + panel * COLUMNS),
        4 * outputs,
        Math.min(COLUMNS, outputs - panel * COLUMNS),
        spare,
      );
  return y;
}

/** @param x [N, H, W, CI] @param filter [kh, kw, CI, CO] @returns [N, h, w, CO]. */
export function conv(native: Native, x: TensorInfo, filter: TensorInfo, info: Info): TensorInfo {
  return convolve(
    native,
    x,
    inputMap(info),
    inputLayout(info),
    forwardWindows(info),
    filter,
    info.outChannels,
    false,
  );
}

/**
 * dL/dx [N, H, W, CI]: dy with stride - 1 zeros between its points, convolved with the filter turned around.
 * @param dy [N, h, w, CO] @param filter [kh, kw, CI, CO].
 */
export function inputGradient(native: Native, dy: TensorInfo, filter: TensorInfo, info: Info): TensorInfo {
  const { layout, windows } = gradientLayout(info);
  return convolve(native, dy, outputMap(info), layout, windows, filter, info.inChannels, true);
}

/** dL/dfilter [kh, kw, CI, CO]. @param x [N, H, W, CI] @param dy [N, h, w, CO]. */
export function filterGradient(native: Native, x: TensorInfo, dy: TensorInfo, info: Info): TensorInfo {
  const { kernels } = native;
  const { filterHeight, filterWidth, inChannels: inputs, outChannels: outputs } = info;
  const gradient = native.make([filterHeight, filterWidth, inputs, outputs]);
  const windows = forwardWindows(info);
  const layout = inputLayout(info);
  const [map, points, taps] = [
    inputMap(info),
    info.batchSize * info.outHeight * info.outWidth,
    filterHeight * filterWidth,
  ];
  const columns = upTo(outputs, COLUMNS);
  const plain = isPlain(map, layout);
  const isWhole = layout.channels === inputs && columns === outputs;
  const sumBytes = 4 * taps * layout.channels * columns;
  const [rows, tapTable, sumRoom, xRoom, dyRoom] = native.workspace(
    4 * points,
    4 * taps,
    isWhole ? 0 : sumBytes,
    plain ? 0 : layoutBytes(map, layout),
    columns === outputs ? 0 : 4 * points * columns,
  );
  const sums = isWhole ? native.pointer(gradient) : sumRoom;
  kernels.fill(sums, sumBytes);
  const start = plain ? native.pointer(x) : xRoom;
  if (!plain) place(native, native.pointer(x), map, layout, xRoom);
  let from = native.pointer(dy);
  if (columns !== outputs && points > 0) {
    kernels.fill(dyRoom, 4 * points * columns);
    kernels.copy(from, dyRoom, points, 4 * outputs, 4 * outputs, 4 * columns);
    from = dyRoom;
  }
  writeRows(native.integers(rows, points), layout, windows);
  writeTaps(native.integers(tapTable, taps), layout, windows);
  for (let point = 0; point < points; point += OUTER_POINTS)
    kernels.outer(
      start,
      rows + 4 * point,
      Math.min(OUTER_POINTS, points - point),
      tapTable,
      taps,
      4 * layout.channels,
      from + 4 * point * columns,
      4 * columns,
      sums,
    );
  if (!isWhole) {
    const tapBytes = 4 * layout.channels * columns;
    for (let tap = 0; tap < taps; tap++)
      kernels.copy(
        sums + tap * tapBytes,
        native.pointer(gradient) + 4 * tap * inputs * outputs,
        inputs,
        4 * outputs,
        4 * columns,
        4 * outputs,
      );
  }
  return gradient;
}
