/** ATen's convolution and its gradients in any number of dimensions, on views with the channels first. */
import type { Handle } from '../addon.ts';
import { CHANNELS_LAST, CHANNELS_LAST_3D, aten, atenMany } from '../aten.ts';
import { cropUneven, padUneven, type Windows } from './windows.ts';

const convolution = aten('convolution');
const convolutionBackward = atenMany('convolution_backward');
const permute = aten('permute');
const contiguous = aten('contiguous');
const newEmptyStrided = aten('new_empty_strided');
const slice = aten('slice.Tensor');

/** [...space, I, O] to [O, I, ...space], in the memory order in which channels-last convolutions are fast. */
export function filterFirst(filter: Handle, rank: number): Handle {
  const space = Array.from({ length: rank - 2 }, (_, i) => i);
  const turned = permute(filter, [rank - 1, rank - 2, ...space]);
  return contiguous(turned, rank === 4 ? CHANNELS_LAST : CHANNELS_LAST_3D);
}

/** [O, I, ...space] back to [...space, I, O]. */
export function filterLast(filter: Handle, rank: number): Handle {
  return permute(filter, [...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1, 0]);
}

/** @param x channels first. */
export function convolve(
  x: Handle,
  filter: Handle,
  bias: Handle | null,
  windows: Windows,
  groups: number,
): Handle {
  const { stride, pad, dilation } = windows;
  const none = stride.map(() => 0);
  return convolution(padUneven(x, windows, 0), filter, bias, stride, pad, dilation, false, none, groups);
}

/** A channels-first tensor of which only the shape is read. Its memory is laid out channels last, or it would be copied. */
function shapeOnly(like: Handle, [n, c, ...space]: readonly number[]): Handle {
  const strides = space.map((_, i) => c * space.slice(i + 1).reduce((a, b) => a * b, 1));
  return newEmptyStrided(like, [n, c, ...space], [c * space.reduce((a, b) => a * b, 1), 1, ...strides]);
}

/**
 * Gradient by the input, all channels first.
 * @param shape of the input [N, C, ...space].
 */
export function inputGradient(
  dy: Handle,
  filter: Handle,
  shape: readonly number[],
  windows: Windows,
  groups: number,
): Handle {
  const { stride, pad, dilation, uneven } = windows;
  const [n, c, ...space] = shape;
  const padded = space.map((side, i) => side + (uneven === null ? 0 : uneven[i][0] + uneven[i][1]));
  const none = stride.map(() => 0);
  const input = shapeOnly(dy, [n, c, ...padded]);
  const mask = [true, false, false];
  const [dx] = convolutionBackward(dy, input, filter, null, stride, pad, dilation, false, none, groups, mask);
  return cropUneven(dx, windows, space);
}

/**
 * Gradient by the filter.
 *
 * A filter of one point that strides over others is told only of those that it reads: libtorch's oneDNN picks them out
 * itself, in vectors, and with few channels writes beyond its buffer (uxlfoundation/oneDNN#6035).
 * @param shape of the filter [O, I / groups, ...space].
 */
export function filterGradient(
  x: Handle,
  dy: Handle,
  shape: readonly number[],
  windows: Windows,
  groups: number,
): Handle {
  const { kernel, stride, pad, dilation } = windows;
  const none = stride.map(() => 0);
  const mask = [false, true, false];
  const filter = shapeOnly(dy, shape);
  const padded = padUneven(x, windows, 0);
  const isPoint = [...kernel.map((side) => side - 1), ...pad].every((size) => size === 0);
  const [, dw] = convolutionBackward(
    dy,
    isPoint
      ? stride.reduce((part, step, i) => (step === 1 ? part : slice(part, i + 2, null, null, step)), padded)
      : padded,
    filter,
    null,
    isPoint ? stride.map(() => 1) : stride,
    pad,
    dilation,
    false,
    none,
    groups,
    mask,
  );
  return dw;
}
