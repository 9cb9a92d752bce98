/** An exponential moving average of a model's weights, batch-norm statistics included: steadier than the weights themselves. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import * as tf from '@tensorflow/tfjs-core';
import { averageStep } from '../ops/average-step.ts';
import { Slot } from './slot.ts';

type LayerVariable = LayersModel['weights'][number];

/** Before the name of each weight's average. */
const PREFIX = 'average/';

export class WeightAverage {
  readonly slot: Slot;
  private readonly variables: readonly LayerVariable[];
  private readonly decay: number;

  /** Begins at the weights as they are. @param decay share of the average that stays at each step, in the long run. */
  constructor(variables: readonly LayerVariable[], decay: number) {
    this.variables = variables;
    this.decay = decay;
    this.slot = new Slot(
      variables.map(({ originalName }) => PREFIX + originalName),
      variables.map((variable) => tf.clone(variable.read())),
    );
  }

  /**
   * Takes the weights after step number `step`, from 1, in. The share that stays rises as (1 + step) / (10 + step), so that
   * the random weights at the start are soon forgotten (as in TensorFlow's ExponentialMovingAverage with num_updates).
   */
  update(step: number): void {
    const share = Math.min(this.decay, (1 + step) / (10 + step));
    const weights = this.variables.map((variable) => variable.read());
    this.slot.replace(averageStep(this.slot.tensors, weights, share));
  }

  /** By the names of the weights. */
  tensors(): Map<string, tf.Tensor> {
    return new Map(this.variables.map(({ originalName }, i) => [originalName, this.slot.tensors[i]]));
  }

  /** Begins again at the weights as they are. */
  reset(): void {
    this.slot.replace(this.variables.map((variable) => tf.clone(variable.read())));
  }

  dispose(): void {
    this.slot.dispose();
  }
}
