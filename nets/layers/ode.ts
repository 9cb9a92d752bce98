/** A map that moves by a learned differential equation from t = 0 to t = 1 (Chen et al. 2018), as a layer. */
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import type { Shape } from '@tensorflow/tfjs-layers';
import type { OdeOptions } from '../architectures/layers.ts';
import { isKernel } from '../kernels.ts';
import { solution } from '../ode/differentiable.ts';
import type { Dynamics } from '../ode/tensor-field.ts';
import { ODE_EPSILON, halves, odeWeights } from '../ode/weights.ts';
import type { Half } from '../ode/weights.ts';
import type { Applied } from './chance.ts';
import { initialiser } from './initialiser.ts';
import { overBoardRms } from './norms.ts';

type LayerVariable = ReturnType<layers.Layer['addWeight']>;

/** See `odeWeights`. */
const odeDynamics: Dynamics = (x, t, theta, mask) => {
  const masked = (map: tf.Tensor): tf.Tensor => (mask === null ? map : tf.mul(map, mask));
  const half = (map: tf.Tensor, { gamma, beta, kernel, bias, slope }: Half<tf.Tensor>): tf.Tensor => {
    const normed = tf.mul(overBoardRms(map as tf.Tensor4D, mask as tf.Tensor4D | null, ODE_EPSILON), gamma);
    const seen = masked(tf.relu(tf.add(normed, beta)));
    const sum = tf.conv2d(seen as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same');
    return masked(tf.add(sum, tf.add(bias, tf.mul(slope, t))));
  };
  return halves(theta).reduce(half, x);
};

/** [x [N, H, W, C], mask [N, H, W, 1]] -> where x(0) = x is at t = 1, 0 off the board; see `Layers.ode`. */
export class Ode extends layers.Layer {
  static className = 'TengenOde';
  private readonly options: OdeOptions;
  private readonly seed: number;
  private theta: LayerVariable[] = [];

  constructor(options: OdeOptions & { name: string; seed: number }) {
    super({ name: options.name });
    this.options = options;
    this.seed = options.seed;
  }

  override build(inputShape: Shape | Shape[]): void {
    const channels = (inputShape as Shape[])[0][3] as number;
    this.theta = odeWeights(channels).map(([name, shape], i) => {
      const fan = 9 * channels;
      const initializer = isKernel(shape)
        ? initialiser('he', 1, { fanIn: fan, fanOut: fan }, this.seed + i)
        : name.endsWith('gamma')
          ? initializers.ones()
          : initializers.zeros();
      return this.addWeight(name, [...shape], 'float32', initializer);
    });
    this.built = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape {
    return (inputShape as Shape[])[0];
  }

  /** `fullBoards` promises that the mask is 1 everywhere; for `onEvaluations` see `Applied`. @throws SolverFailure where the solver cannot go on. */
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { fullBoards?: boolean } & Applied = {}): tf.Tensor {
    const [x, board] = inputs as tf.Tensor4D[];
    const mask = kwargs.fullBoards === true ? null : board;
    const { solver, gradient } = this.options;
    return tf.tidy(() =>
      solution(
        { dynamics: odeDynamics, span: [0, 1], solver, gradient },
        mask === null ? x : tf.mul(x, mask),
        this.theta.map((weight) => weight.read()),
        mask,
        kwargs.onEvaluations,
      ),
    );
  }
}
