/** Pooling over windows of points, and what becomes of the mask where windows have a stride. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { WindowOptions } from '../architectures/layers.ts';
import { anchor, reach, windowCount } from '../architectures/windows.ts';
import type { Windows } from '../architectures/windows.ts';
import { hidden } from './combine.ts';

/** [N, H', W'] of an input [N, H, W, C]; sides that vary stay null. */
export function shapeAfter([batch, height, width]: Shape, windows: Windows): Shape {
  const after = (side: number | null): number | null => (side === null ? null : windowCount(side, windows));
  return [batch, after(height), after(width)];
}

/**
 * What tfjs calls the padding of these windows. Its own 'same' would shift windows with a stride by the size of the buffer.
 */
export function paddingOf(windows: Windows): 'valid' | 'same' | tf.backend_util.ExplicitPadding {
  if (windows.padding === 'valid') return 'valid';
  if (windows.stride === 1) return 'same';
  const sides: [number, number] = [...reach(windows)];
  return [[0, 0], sides, sides, [0, 0]];
}

/** mask [N, H, W, 1] -> [N, H', W', 1]: whether the place of each window is on the board. */
export class WindowMask extends layers.Layer {
  static className = 'TengenWindowMask';
  private readonly windows: Windows;

  constructor({ name, ...windows }: Windows & { name: string }) {
    super({ name });
    this.windows = windows;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...shapeAfter(inputShape as Shape, this.windows), 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const mask = Array.isArray(inputs) ? inputs[0] : inputs;
    const [from, step] = [anchor(this.windows), this.windows.stride];
    return tf.stridedSlice(mask, [0, from, from, 0], mask.shape, [1, step, step, 1]);
  }
}

/** [x [N, H, W, C], 0 off the board, its mask, that of the windows where it is another] -> [N, H', W', C], 0 off the board. */
export class WindowPool extends layers.Layer {
  static className = 'TengenWindowPool';
  private readonly kind: WindowOptions['kind'];
  private readonly windows: Windows;

  constructor({ name, kind, size, stride, padding }: Required<WindowOptions> & { name: string }) {
    super({ name });
    this.kind = kind;
    this.windows = { size, stride, padding };
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const x = (inputShape as Shape[])[0];
    return [...shapeAfter(x, this.windows), x[3]];
  }

  /** `fullBoards` promises that the mask is 1 everywhere. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { fullBoards?: boolean } = {}): tf.Tensor {
    const [x, mask, after = mask] = inputs as tf.Tensor4D[];
    const { size, stride } = this.windows;
    const pad = paddingOf(this.windows);
    return tf.tidy(() => {
      if (this.kind === 'max') {
        if (kwargs.fullBoards === true) return tf.maxPool(x, size, stride, pad);
        const onBoard = tf.add(x, hidden(mask)) as tf.Tensor4D;
        return tf.mul(tf.maxPool(onBoard, size, stride, pad), after);
      }
      // Padded beforehand, because the gradients of tfjs's own padded means are wrong at the edges.
      const sides = [...reach(this.windows)] as [number, number];
      const mean = (of: tf.Tensor4D): tf.Tensor4D =>
        tf.avgPool(tf.pad(of, [[0, 0], sides, sides, [0, 0]]), size, stride, 'valid');
      const onBoard = kwargs.fullBoards === true ? tf.onesLike(mask) : mask;
      return tf.mul(tf.div(mean(x), tf.maximum(mean(onBoard), 1e-9)), after);
    });
  }
}
