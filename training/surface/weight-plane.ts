/** A model whose weights move in a plane: theta + alpha delta + beta eta. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Direction } from './directions.ts';

/** One weight of the model, where it was, and the way it goes for one alpha and one beta. */
type Mover = {
  readonly variable: LayersModel['weights'][number];
  readonly origin: tf.Tensor;
  readonly delta: tf.Tensor;
  readonly eta: tf.Tensor;
};

export class WeightPlane {
  private readonly movers: readonly Mover[];

  /** Both directions are of the same weights of the model. */
  constructor(model: LayersModel, delta: Direction, eta: Direction) {
    const along = (direction: Direction, name: string): tf.Tensor => {
      const array = direction.get(name);
      if (array === undefined) throw new Error(`internal: only one direction moves ${name}`);
      return tf.tensor(array.values, [...array.shape], 'float32');
    };
    this.movers = model.weights
      .filter(({ originalName }) => delta.has(originalName))
      .map((variable) => ({
        variable,
        origin: tf.clone(variable.read()),
        delta: along(delta, variable.originalName),
        eta: along(eta, variable.originalName),
      }));
  }

  /** (0, 0) gives exactly the weights that the model had. */
  moveTo(alpha: number, beta: number): void {
    tf.tidy(() => {
      for (const { variable, origin, delta, eta } of this.movers)
        variable.write(tf.add(origin, tf.add(tf.mul(delta, alpha), tf.mul(eta, beta))));
    });
  }

  /** Puts the weights back where they were; the model stays. */
  dispose(): void {
    for (const { variable, origin, delta, eta } of this.movers) {
      variable.write(origin);
      tf.dispose([origin, delta, eta]);
    }
  }
}
