/** Global pooling (nets/ops/global-pool.ts), sums over maps and a step of momentum by the kernels. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { poolFactors, type GlobalPool } from '../../../ops/global-pool.ts';
import type { MomentumStep } from '../../../ops/momentum-step.ts';
import type { Native, Pointer } from './native.ts';
import { eachBlock } from './text.ts';

type Infos = Readonly<Record<string, TensorInfo>>;

/** Sums and largest values of each map and channel, at the pointers, [N, C]. */
function poolMaps(native: Native, x: TensorInfo, sums: Pointer, largest: Pointer): void {
  const [count, height, width, channels] = x.shape;
  const rows = height * width;
  for (let image = 0; image < count; image++)
    eachBlock(channels, (block, offset) => {
      const to = 4 * image * channels + offset;
      const from = native.pointer(x) + 4 * image * rows * channels + offset;
      native.kernels[`pool${block}`](from, rows, 4 * channels, sums + to, largest + to);
    });
}

/** Of x [N, H, W, C] over H and W: [N, C]. */
export function sumOfMaps(native: Native, x: TensorInfo): TensorInfo {
  const [count, , , channels] = x.shape;
  const sums = native.make([count, channels]);
  const [largest] = native.workspace(4 * count * channels);
  poolMaps(native, x, native.pointer(sums), largest);
  return sums;
}

/** The points on each board. */
function pointsOf(native: Native, { x, mask }: Infos): number[] {
  const [count, height, width] = x.shape;
  const rows = height * width;
  return Array.from({ length: count }, (_, image) =>
    mask === undefined
      ? rows
      : native.floats(native.pointer(mask) + 4 * image * rows, rows).reduce((sum, one) => sum + one, 0),
  );
}

export function globalPool(native: Native, inputs: Infos, { kind }: GlobalPool): TensorInfo {
  const { x } = inputs;
  const [count, , , channels] = x.shape;
  const y = native.make([count, 3 * channels]);
  const size = count * channels;
  const [sums, largest] = native.workspace(4 * size, 4 * size);
  poolMaps(native, x, sums, largest);
  const out = native.floats(native.pointer(y), 3 * size);
  const [sum, max] = [native.floats(sums, size), native.floats(largest, size)];
  pointsOf(native, inputs).forEach((points, image) => {
    const { second, third } = poolFactors(points);
    for (let c = 0; c < channels; c++) {
      const mean = sum[image * channels + c] / points;
      const at = 3 * image * channels + c;
      out[at] = mean;
      out[at + channels] = mean * second;
      out[at + 2 * channels] = kind === 'policy' ? max[image * channels + c] : mean * third;
    }
  });
  return y;
}

export function globalPoolGradient(native: Native, inputs: Infos, { kind }: GlobalPool): TensorInfo {
  const { x, y, dy } = inputs;
  const [count, height, width, channels] = x.shape;
  const rows = height * width;
  const dx = native.make(x.shape);
  const [spread, extra] = native.workspace(4 * channels, 4 * channels);
  const [each, atLargest] = [native.floats(spread, channels), native.floats(extra, channels)];
  const given = native.floats(native.pointer(dy), 3 * count * channels);
  pointsOf(native, inputs).forEach((points, image) => {
    const { second, third } = poolFactors(points);
    const at = 3 * image * channels;
    for (let c = 0; c < channels; c++) {
      const toThird = given[at + 2 * channels + c];
      const toMean = given[at + c] + given[at + channels + c] * second;
      each[c] = (kind === 'policy' ? toMean : toMean + toThird * third) / points;
      atLargest[c] = kind === 'policy' ? toThird : 0;
    }
    const first = 4 * image * rows * channels;
    const largest = native.pointer(y) + 4 * (at + 2 * channels);
    eachBlock(channels, (block, offset) =>
      native.kernels[`poolGradient${block}`](
        native.pointer(x) + first + offset,
        rows,
        4 * channels,
        largest + offset,
        spread + offset,
        extra + offset,
        native.pointer(dx) + first + offset,
      ),
    );
  });
  return dx;
}

/** @returns the new weights and then the new velocities. */
export function momentumStep(native: Native, inputs: Infos, step: MomentumStep): TensorInfo[] {
  const { count, rate, momentum, shrink } = step;
  const weights: TensorInfo[] = [];
  const velocities: TensorInfo[] = [];
  for (let i = 0; i < count; i++) {
    const [w, g, v] = [inputs[`w${i}`], inputs[`g${i}`], inputs[`v${i}`]];
    const made = [native.make(w.shape), native.make(w.shape)];
    const size = w.shape.reduce((product, side) => product * side, 1);
    const pointers = [w, g, v, ...made].map((info) => native.pointer(info));
    native.kernels.momentum(...pointers, size >> 2, size & 3, rate, momentum, shrink[i]);
    weights.push(made[0]);
    velocities.push(made[1]);
  }
  return [...weights, ...velocities];
}
