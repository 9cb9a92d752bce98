/** Gradient descent by any rule on the trainable weights of one model, with clipping, decay and penalties. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { clipByNorm } from '../ops/clip.ts';
import { addPenaltyGradient, hasCorner, proximalStep } from './penalty.ts';
import type { Penalty } from './penalty.ts';
import type { UpdateRule } from './rules.ts';
import { Slot } from './slot.ts';

export type OptimizerOptions = {
  /** Decay of a weight of this shape; 0 for none. */
  readonly decay?: (shape: readonly number[]) => number;
  /** Of a weight of this shape; null for none. One with a corner at 0 needs a rule whose gain is known. */
  readonly penalty?: (shape: readonly number[]) => Penalty | null;
  /** Largest norm of all gradients together; null for any. */
  readonly clipNorm?: number | null;
};

export class Optimizer {
  /** Steps done; a checkpoint sets it. */
  steps = 0;
  readonly slots: readonly Slot[];
  private readonly rule: UpdateRule;
  private readonly clipNorm: number | null;
  private readonly variables: readonly tf.Variable[];
  /** Of each variable. */
  private readonly decay: readonly number[];
  private readonly penalties: readonly (Penalty | null)[];

  constructor(
    model: LayersModel,
    rule: UpdateRule,
    { decay = () => 0, penalty = () => null, clipNorm = null }: OptimizerOptions = {},
  ) {
    const names = model.trainableWeights.map(({ originalName }) => originalName);
    this.variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
    this.decay = this.variables.map(({ shape }) => decay(shape));
    this.penalties = this.variables.map(({ shape }) => penalty(shape));
    this.rule = rule;
    this.clipNorm = clipNorm;
    this.slots = rule.slots.map(
      (slot) =>
        new Slot(
          names.map((name) => `${slot}/${name}`),
          this.variables.map((variable) => tf.zerosLike(variable)),
        ),
    );
  }

  /**
   * One step down the gradient of `loss` and the penalties.
   * @param rate of this step.
   * @returns the loss before it, without penalties, and the norm of the gradient before clipping; the caller disposes.
   */
  minimize(loss: () => tf.Scalar, rate: number): { loss: tf.Scalar; gradientNorm: tf.Scalar } {
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, [...this.variables]);
      // tfjs gives null for a weight that the loss does not depend on.
      const all = this.variables.map((variable, i) => {
        const gradient = (grads[variable.name] as tf.Tensor | null) ?? tf.zerosLike(variable);
        const penalty = this.penalties[i];
        return penalty === null ? gradient : addPenaltyGradient(gradient, variable, penalty);
      });
      const { norm, gradients } = clipByNorm(all, this.clipNorm);
      const next = this.rule.update({
        weights: this.variables,
        gradients,
        slots: this.slots.map((slot) => slot.tensors),
        rate,
        decay: this.decay,
        step: ++this.steps,
      });
      this.variables.forEach((variable, i) => {
        variable.assign(this.afterCorners(next.weights[i], rate, this.penalties[i]));
      });
      this.slots.forEach((slot, i) => slot.replace(next.slots[i]));
      return { loss: value, gradientNorm: norm };
    });
  }

  /** A weight that the rule has moved, drawn to the corners of its penalty. */
  private afterCorners(weight: tf.Tensor, rate: number, penalty: Penalty | null): tf.Tensor {
    if (penalty === null || !hasCorner(penalty)) return weight;
    const { gain } = this.rule;
    if (gain === null) throw new Error('internal: a penalty with a corner under a rule of unknown gain');
    return proximalStep(weight, rate * gain, penalty);
  }

  /** Forgets all steps. */
  reset(): void {
    this.steps = 0;
    for (const slot of this.slots) slot.replace(slot.tensors.map((tensor) => tf.zerosLike(tensor)));
  }

  dispose(): void {
    for (const slot of this.slots) slot.dispose();
  }
}
