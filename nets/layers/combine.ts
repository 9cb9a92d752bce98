/** The small layers that join maps, masks and vectors. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import { OFF_BOARD_LOGIT } from '../architectures/layers.ts';

/** 0 on the board, `OFF_BOARD_LOGIT` off it, like the mask: what is added to numbers that must not win there. */
export function hidden(mask: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.mul(tf.sub(1, mask), OFF_BOARD_LOGIT));
}

/** image [N, H, W, C] -> mask [N, H, W, 1]: 1 everywhere. */
export class OnePlane extends layers.Layer {
  static className = 'TengenOnePlane';

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...(inputShape as Shape).slice(0, 3), 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    return tf.ones([...x.shape.slice(0, 3), 1]);
  }
}

/** planes [N, H, W, P] -> mask [N, H, W, 1]: plane 0. */
export class MaskPlane extends layers.Layer {
  static className = 'TengenMaskPlane';

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...(inputShape as Shape).slice(0, 3), 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    return tf.slice(x, [0, 0, 0, 0], [-1, -1, -1, 1]);
  }
}

/** [x [N, H, W, C], mask [N, H, W, 1]] -> x, 0 off the board. */
export class ZeroOffBoard extends layers.Layer {
  static className = 'TengenZeroOffBoard';

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return (inputShape as Shape[])[0];
  }

  /** `fullBoards` promises that the mask is 1 everywhere. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { fullBoards?: boolean } = {}): tf.Tensor {
    const [x, mask] = inputs as tf.Tensor[];
    return kwargs.fullBoards === true ? tf.clone(x) : tf.mul(x, mask);
  }
}

/** The first channel. */
export class FirstChannel extends layers.Layer {
  static className = 'TengenFirstChannel';

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return [...(inputShape as Shape).slice(0, -1), 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    return tf.slice(x, Array(x.rank).fill(0), [...Array(x.rank - 1).fill(-1), 1]);
  }
}

/** [x [N, H, W, C], v [N, C]] -> x with v added at every point. */
export class AddVector extends layers.Layer {
  static className = 'TengenAddVector';

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return (inputShape as Shape[])[0];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x, v] = inputs as tf.Tensor[];
    return tf.add(x, tf.reshape(v, [v.shape[0], 1, 1, v.shape[1] as number]));
  }
}

/** [points [N, H, W, 1], mask [N, H, W, 1], pass [N, 1]] -> logits [N, H * W + 1], pass last. */
export class MoveLogits extends layers.Layer {
  static className = 'TengenMoveLogits';

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, height, width] = (inputShape as Shape[])[0];
    return [batch, height === null || width === null ? null : height * width + 1];
  }

  /** `fullBoards` promises that the mask is 1 everywhere. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { fullBoards?: boolean } = {}): tf.Tensor {
    const [points, mask, pass] = inputs as tf.Tensor[];
    return tf.tidy(() => {
      if (kwargs.fullBoards === true) return tf.concat([tf.reshape(points, [points.shape[0], -1]), pass], 1);
      const flat = tf.reshape(tf.add(tf.mul(points, mask), hidden(mask)), [points.shape[0], -1]);
      return tf.concat([flat, pass], 1);
    });
  }
}

/** [points [N, H, W, 1], mask] -> tanh(points) on the board and 0 off it, [N, H * W]. */
export class OwnershipMap extends layers.Layer {
  static className = 'TengenOwnershipMap';

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    const [batch, height, width] = (inputShape as Shape[])[0];
    return [batch, height === null || width === null ? null : height * width];
  }

  /** `fullBoards` promises that the mask is 1 everywhere. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { fullBoards?: boolean } = {}): tf.Tensor {
    const [points, mask] = inputs as tf.Tensor[];
    return tf.tidy(() => {
      const owners = tf.tanh(points);
      return tf.reshape(kwargs.fullBoards === true ? owners : tf.mul(owners, mask), [points.shape[0], -1]);
    });
  }
}
