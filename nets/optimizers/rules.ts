/** The ways to move weights by their gradients: what each remembers of a weight, and its step. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { adamWStep } from '../ops/adamw-step.ts';
import { alexNetStep } from '../ops/alexnet-step.ts';
import { momentumStep } from '../ops/momentum-step.ts';

export type RuleStep = {
  readonly weights: readonly Tensor[];
  readonly gradients: readonly Tensor[];
  /** By slot, as in `slots`. */
  readonly slots: readonly (readonly Tensor[])[];
  readonly rate: number;
  /** Of each weight. */
  readonly decay: readonly number[];
  /** Number of this step, from 1. */
  readonly step: number;
};

export type UpdateRule = {
  /**
   * How many rates a weight moves at each step, in the end, against a gradient that stays 1; null where that differs
   * between weights.
   */
  readonly gain: number | null;
  /** Names of what is remembered of each weight, 0 at first. */
  readonly slots: readonly string[];
  /** The weights and slots after a step; the caller disposes. */
  readonly update: (step: RuleStep) => {
    readonly weights: readonly Tensor[];
    readonly slots: readonly (readonly Tensor[])[];
  };
};

/** Of momentum: 1 + momentum + momentum^2 + ... */
const momentumGain = (momentum: number): number => 1 / (1 - momentum);

/** Nesterov's momentum with decoupled decay, see `momentumStep`. */
export function nesterov(momentum: number): UpdateRule {
  return {
    gain: momentumGain(momentum),
    slots: ['momentum'],
    update: ({ weights, gradients, slots, rate, decay }) => {
      const shrink = decay.map((share) => 1 - rate * share);
      const next = momentumStep(weights, gradients, slots[0], { rate, momentum, shrink });
      return { weights: next.weights, slots: [next.velocities] };
    },
  };
}

/** AlexNet's momentum, whose decay is part of the gradient, see `alexNetStep`. */
export function alexNet(momentum: number): UpdateRule {
  return {
    gain: momentumGain(momentum),
    slots: ['velocity'],
    update: ({ weights, gradients, slots, rate, decay }) => {
      const next = alexNetStep(weights, gradients, slots[0], { rate, momentum, decay });
      return { weights: next.weights, slots: [next.velocities] };
    },
  };
}

/** See `adamWStep`. */
export function adamW(beta1: number, beta2: number, epsilon: number): UpdateRule {
  return {
    gain: null,
    slots: ['first-moment', 'second-moment'],
    update: ({ weights, gradients, slots, ...step }) => {
      const next = adamWStep(weights, gradients, slots, { ...step, beta1, beta2, epsilon });
      return { weights: next.weights, slots: [next.first, next.second] };
    },
  };
}
