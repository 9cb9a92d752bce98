/** The gradient of every layer and loss, by every input and weight, against central differences. */
import * as tf from '@tensorflow/tfjs-core';
import { MaskedBatchNorm } from '#nets/layers/batch-norm.ts';
import { AddVector, MoveLogits, OwnershipMap } from '#nets/layers/combine.ts';
import { Conv } from '#nets/layers/conv.ts';
import { GlobalPool } from '#nets/layers/pool.ts';
import { netLosses } from '#nets/loss.ts';
import { huberError } from '#nets/ops/losses.ts';
import { expectGradients } from './central-differences.ts';
import type { Case } from './central-differences.ts';
import { byWeights, on } from './layer-cases.ts';

const MAP = [2, 3, 3, 2];
const KINDS = ['policy', 'value'] as const;
const name = 'layer';
const ones = (): tf.Tensor => tf.ones([2, 3, 3, 1]);
const mask = (): tf.Tensor => tf.tensor([1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1], [2, 3, 3, 1]);
const pooled = (kind: (typeof KINDS)[number], masks: () => tf.Tensor[], step = {}): ReturnType<typeof on> =>
  on(new GlobalPool({ name, kind, signed: false }), masks, step);

const CASES: Readonly<Record<string, () => Case>> = {
  convolution: () => ({
    inputs: [MAP, [3, 3, 2, 3]],
    f: (x, kernel) => tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same'),
  }),
  'convolution layer': () => byWeights(new Conv({ name, size: 3, filters: 2, seed: 1, bias: true }), MAP),
  'batch norm on a masked board': () =>
    byWeights(new MaskedBatchNorm({ name }), MAP, () => [mask()], { training: true }),
  'batch norm on full boards': () =>
    byWeights(new MaskedBatchNorm({ name }), MAP, () => [ones()], { training: true, fullBoards: true }),
  'batch norm in play': () => byWeights(new MaskedBatchNorm({ name }), MAP, () => [mask()]),
  'global pooling for the policy': () => ({
    inputs: [MAP],
    f: (x) => pooled('policy', () => [mask()])(tf.mul(tf.square(x), mask())),
  }),
  'global pooling for the value': () => ({
    inputs: [MAP],
    f: (x) => pooled('value', () => [mask()])(tf.mul(x, mask())),
  }),
  'global pooling for the policy of what is negative on the whole board': () => ({
    inputs: [MAP],
    f: (x) => {
      const pool = on(new GlobalPool({ name, kind: 'policy', signed: true }), () => [mask()]);
      return pool(tf.mul(tf.neg(tf.square(x)), mask()));
    },
  }),
  'global pooling of full boards': () => ({
    inputs: [MAP],
    f: (x) => {
      const pools = KINDS.map((kind) => pooled(kind, () => [ones()], { fullBoards: true })(tf.square(x)));
      return tf.concat(pools, 1);
    },
  }),
  'a vector added to a map': () => ({
    inputs: [MAP, [2, 2]],
    f: on(new AddVector({ name })),
  }),
  'logits of moves': () => ({
    inputs: [
      [2, 3, 3, 1],
      [2, 1],
    ],
    // Off-board logits are so large that they would drown the differences, and do not depend on the inputs.
    f: (points, pass) => {
      const logits = on(new MoveLogits({ name }))(points, mask(), pass);
      return tf.mul(logits, tf.concat([tf.reshape(mask(), [2, 9]), tf.ones([2, 1])], 1));
    },
  }),
  'a map of owners': () => ({
    inputs: [[2, 3, 3, 1]],
    f: on(new OwnershipMap({ name }), () => [mask()]),
  }),
  relu: () => ({ inputs: [[3, 4]], f: (x) => tf.relu(x) }),
  "Huber's errors, within delta and beyond it": () => ({
    inputs: [[2, 4]],
    f: (x) => huberError(x, tf.zeros([2, 4]), tf.tensor2d([1, 2], [2, 1]), 0.5),
  }),
  losses: () => ({
    inputs: [
      [2, 5],
      [2, 1],
      [2, 1],
      [2, 4],
      [2, 5],
    ],
    f: (logits, value, score, ownership, reply) =>
      netLosses(
        {
          policy: logits,
          value: tf.tanh(value),
          score,
          ownership: tf.tanh(ownership),
          reply,
          auxiliary: [{ policy: tf.mul(reply, 2), value: tf.tanh(score) }],
        },
        {
          policy: tf.tensor2d([0, 1, 0, 0, 0, 0.5, 0, 0, 0, 0.5], [2, 5]),
          value: tf.tensor2d([1, -1], [2, 1]),
          valueKnown: tf.tensor2d([1, 1], [2, 1]),
          score: tf.tensor2d([0.3, -2], [2, 1]),
          scoreKnown: tf.tensor2d([1, 0], [2, 1]),
          ownershipKnown: tf.tensor2d([1, 0], [2, 1]),
          reply: tf.tensor2d([0, 0, 1, 0, 0, 0, 0, 0, 0, 0], [2, 5]),
          ownership: tf.tensor2d([1, -1, 1, 0, 1, 1, -1, -1], [2, 4]),
          mask: tf.tensor2d([1, 1, 1, 0, 1, 1, 1, 1], [2, 4]),
        },
      ).total,
  }),
};

await expectGradients(CASES);
