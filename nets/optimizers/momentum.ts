/** Gradient descent with Nesterov momentum and decoupled weight decay, for the trainable weights of one model. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { WeightArray } from '../file.ts';
import { momentumStep } from '../ops/momentum-step.ts';

export type MomentumOptions = {
  /** Share of its velocity that a weight keeps at each step, in [0, 1). */
  readonly momentum: number;
  /** Decoupled decay of a weight by its name; 0 for none. */
  readonly decay: (name: string) => number;
};

export class Momentum {
  private readonly options: MomentumOptions;
  private readonly names: readonly string[];
  private readonly variables: readonly tf.Variable[];
  private velocities: tf.Tensor[];

  constructor(model: LayersModel, options: MomentumOptions) {
    this.options = options;
    this.names = model.trainableWeights.map(({ originalName }) => originalName);
    this.variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    this.velocities = this.variables.map((variable) => tf.keep(tf.zerosLike(variable)));
  }

  /**
   * One step down the gradient of `loss`.
   * @param rate of this step.
   * @returns the loss before it; the caller disposes.
   */
  minimize(loss: () => tf.Scalar, rate: number): tf.Scalar {
    const { momentum, decay } = this.options;
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, [...this.variables]);
      const gradients = this.variables.map((variable) => grads[variable.name]);
      const shrink = this.names.map((name) => 1 - rate * decay(name));
      const next = momentumStep(this.variables, gradients, this.velocities, { rate, momentum, shrink });
      this.variables.forEach((variable, i) => variable.assign(next.weights[i]));
      tf.dispose(this.velocities);
      this.velocities = next.velocities.map((velocity) => tf.keep(velocity));
      return value;
    });
  }

  /** Copies the velocities out, by the names of their weights. */
  async state(): Promise<Map<string, WeightArray>> {
    const state = new Map<string, WeightArray>();
    for (const [i, name] of this.names.entries()) {
      const velocity = this.velocities[i];
      state.set(name, { shape: velocity.shape, values: Float32Array.from(await velocity.data()) });
    }
    return state;
  }

  /** Takes velocities back; a sentence where one is missing or misshapen, and then nothing changes. */
  restore(state: ReadonlyMap<string, WeightArray>): string | null {
    for (const [i, name] of this.names.entries()) {
      const shape = state.get(name)?.shape;
      if (shape === undefined) return `the velocity of ${name} is missing`;
      if (shape.join() !== this.variables[i].shape.join())
        return `the velocity of ${name} has the shape [${shape.join()}]`;
    }
    if (state.size !== this.names.length) return `it has ${state.size} velocities, not ${this.names.length}`;
    tf.dispose(this.velocities);
    this.velocities = this.names.map((name) => {
      const { shape, values } = state.get(name) as WeightArray;
      return tf.keep(tf.tensor(values, [...shape], 'float32'));
    });
    return null;
  }

  dispose(): void {
    tf.dispose(this.velocities);
  }
}
