/** Batch norm, with or without the relu after it (nets/ops/batch-norm.ts), as passes of the kernels over a map. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { BatchNorm } from '../../../ops/batch-norm.ts';
import type { Native, Pointer } from './native.ts';
import { eachBlock } from './text.ts';

type Infos = Readonly<Record<string, TensorInfo>>;

/** Blocks of channels for kernels with or without a mask, by the suffix of their names. */
function blocks(channels: number, masked: boolean, pass: (suffix: string, offset: number) => void): void {
  eachBlock(channels, (width, offset) => pass(`${width}${masked ? 'Masked' : ''}`, offset));
}

/** Points on the board; all where there is no mask. */
function countOf(native: Native, mask: TensorInfo | undefined, rows: number): number {
  if (mask === undefined) return rows;
  return native.floats(native.pointer(mask), rows).reduce((sum, one) => sum + one, 0);
}

/** Rows of numbers, one a channel, that kernels and we read and write. */
function vectors(native: Native, count: number, channels: number): Pointer[] {
  return native.workspace(...Array.from({ length: count }, () => 4 * channels));
}

/** @returns y, mean, inverse and the moved statistics. */
export function norm(native: Native, inputs: Infos, { epsilon, share, relu }: BatchNorm): TensorInfo[] {
  const { x, mask } = inputs;
  const { kernels } = native;
  const channels = x.shape[3];
  const rows = x.shape[0] * x.shape[1] * x.shape[2];
  const pitch = 4 * channels;
  const made = [x.shape, [channels], [channels], [channels], [channels]].map((shape) => native.make(shape));
  const [y, mean, inverse, movedMean, movedVariance] = made.map((info) => native.pointer(info));
  const [zero, squares, scale, shift] = vectors(native, 4, channels);
  const at = (pointer: Pointer): Float32Array => native.floats(pointer, channels);
  const input = (name: string): Float32Array => at(native.pointer(inputs[name]));
  const from = native.pointer(x);
  const onBoard = mask === undefined ? 0 : native.pointer(mask);
  const points = countOf(native, mask, rows);
  const isMasked = mask !== undefined;

  at(zero).fill(0);
  blocks(channels, isMasked, (suffix, c) =>
    kernels[`sum${suffix}`](from + c, onBoard, rows, pitch, zero + c, mean + c),
  );
  const means = at(mean);
  for (let c = 0; c < channels; c++) means[c] /= points;
  blocks(channels, isMasked, (suffix, c) =>
    kernels[`squares${suffix}`](from + c, onBoard, rows, pitch, mean + c, squares + c),
  );
  const [gamma, beta, oldMean, oldVariance] = ['gamma', 'beta', 'movingMean', 'movingVariance'].map(input);
  for (let c = 0; c < channels; c++) {
    const variance = at(squares)[c] / points;
    const deviation = Math.sqrt(variance + epsilon);
    at(inverse)[c] = 1 / deviation;
    at(scale)[c] = gamma[c] / deviation;
    at(shift)[c] = beta[c] - (means[c] * gamma[c]) / deviation;
    at(movedMean)[c] = oldMean[c] * share + means[c] * (1 - share);
    at(movedVariance)[c] = oldVariance[c] * share + (at(squares)[c] / Math.max(points - 1, 1)) * (1 - share);
  }
  const form = relu ? '' : 'Linear';
  blocks(channels, isMasked, (suffix, c) =>
    kernels[`normalize${suffix}${form}`](from + c, onBoard, rows, pitch, scale + c, shift + c, y + c),
  );
  return made;
}

/** @returns dx, dgamma and dbeta. */
export function normGradient(native: Native, inputs: Infos, { relu }: Pick<BatchNorm, 'relu'>): TensorInfo[] {
  const { x, mask } = inputs;
  const { kernels } = native;
  const channels = x.shape[3];
  const rows = x.shape[0] * x.shape[1] * x.shape[2];
  const pitch = 4 * channels;
  const made = [x.shape, [channels], [channels]].map((shape) => native.make(shape));
  const [dx, dGamma, dBeta] = made.map((info) => native.pointer(info));
  const [as, bs, cs] = vectors(native, 3, channels);
  const at = (pointer: Pointer): Float32Array => native.floats(pointer, channels);
  const [dy, from, y, mean] = ['dy', 'x', 'y', 'mean'].map((name) => native.pointer(inputs[name]));
  const onBoard = mask === undefined ? 0 : native.pointer(mask);
  const points = countOf(native, mask, rows);

  const form = relu ? '' : 'Linear';
  // Where the mask is 0 so is y, and sums through a relu leave such points out.
  blocks(channels, mask !== undefined && !relu, (suffix, c) =>
    kernels[`gradientSums${suffix}${form}`](
      dy + c,
      from + c,
      y + c,
      onBoard,
      rows,
      pitch,
      mean + c,
      dBeta + c,
      dGamma + c,
    ),
  );
  const [gamma, inverse] = ['gamma', 'inverse'].map((name) => at(native.pointer(inputs[name])));
  const [means, sums, scaled, a, b, c] = [mean, dBeta, dGamma, as, bs, cs].map(at);
  for (let i = 0; i < channels; i++) {
    scaled[i] *= inverse[i];
    a[i] = gamma[i] * inverse[i];
    b[i] = (-a[i] * inverse[i] * scaled[i]) / points;
    c[i] = (-a[i] * sums[i]) / points - b[i] * means[i];
  }
  blocks(channels, mask !== undefined, (suffix, i) =>
    kernels[`gradient${suffix}${form}`](
      dy + i,
      from + i,
      y + i,
      onBoard,
      rows,
      pitch,
      as + i,
      bs + i,
      cs + i,
      dx + i,
    ),
  );
  return made;
}
