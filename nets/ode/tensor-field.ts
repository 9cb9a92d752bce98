/** A right-hand side made of tensor operations, with the products that gradients are made of. */
import * as tf from '@tensorflow/tfjs-core';
import type { PerSample } from './algebra.ts';
import type { Field } from './gradient.ts';
import { column } from './tensors.ts';

/**
 * dx/dt.
 * @param x [B, ...] @param t [B, 1, ...] of the same rank @param theta the parameters, all of which it depends on
 * @param mask [B, ..., 1] of 0 and 1, or null where it is 1 everywhere.
 */
export type Dynamics = (
  x: tf.Tensor,
  t: tf.Tensor,
  theta: readonly tf.Tensor[],
  mask: tf.Tensor | null,
) => tf.Tensor;

/** tfjs forgets the tape of the gradient that is being found when another one, found inside of it, is done. */
function onOwnTape<T>(run: () => T): T {
  const { state } = tf.engine();
  const outer = state.activeTape;
  try {
    return run();
  } finally {
    state.activeTape = outer;
  }
}

export class TensorField implements Field<tf.Tensor> {
  private readonly dynamics: Dynamics;
  private readonly theta: readonly tf.Tensor[];
  private readonly mask: tf.Tensor | null;
  private sums: tf.Tensor[];

  constructor(dynamics: Dynamics, theta: readonly tf.Tensor[], mask: tf.Tensor | null) {
    this.dynamics = dynamics;
    this.theta = theta;
    this.mask = mask;
    this.sums = [];
  }

  readonly value = (x: tf.Tensor, t: PerSample): tf.Tensor =>
    tf.tidy(() => this.dynamics(x, column(t, x.rank), this.theta, this.mask));

  pull(x: tf.Tensor, t: PerSample, a: tf.Tensor): { value: tf.Tensor; state: tf.Tensor } {
    return tf.tidy(() => {
      const time = column(t, x.rank);
      const f = (y: tf.Tensor): tf.Tensor => this.dynamics(y, time, this.theta, this.mask);
      const { value, grad } = onOwnTape(() => tf.valueAndGrad(f)(x, a));
      return { value, state: grad };
    });
  }

  pullAll(x: tf.Tensor, t: PerSample, a: tf.Tensor): tf.Tensor {
    return tf.tidy(() => {
      const time = column(t, x.rank);
      const f = (y: tf.Tensor, ...theta: tf.Tensor[]): tf.Tensor => this.dynamics(y, time, theta, this.mask);
      const [state, ...gradients] = onOwnTape(() => tf.grads(f)([x, ...this.theta], a));
      const sums = gradients.map((gradient, i) =>
        tf.keep(i < this.sums.length ? tf.add(this.sums[i], gradient) : tf.clone(gradient)),
      );
      tf.dispose(this.sums);
      this.sums = sums;
      return state;
    });
  }

  /** dL/dtheta as gathered so far, which the field forgets. */
  takeGradients(): tf.Tensor[] {
    const taken = this.theta.map((parameter, i) =>
      i < this.sums.length ? tf.clone(this.sums[i]) : tf.zerosLike(parameter),
    );
    tf.dispose(this.sums);
    this.sums = [];
    return taken;
  }
}
