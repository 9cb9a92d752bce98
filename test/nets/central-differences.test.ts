/** The gradient of every layer and loss, by every input and weight, against central differences. */
import * as tf from '@tensorflow/tfjs-core';
import { MaskedBatchNorm } from '#nets/layers/batch-norm.ts';
import { AddVector, MoveLogits, OwnershipMap } from '#nets/layers/combine.ts';
import { Conv } from '#nets/layers/conv.ts';
import { GlobalPool } from '#nets/layers/pool.ts';
import { netLosses } from '#nets/loss.ts';
import { expectGradients } from './central-differences.ts';
import type { Case } from './central-differences.ts';

const mask = (): tf.Tensor => tf.tensor([1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1], [2, 3, 3, 1]);
/** tfjs-layers wants a name for every layer. */
let layers = 0;

const layer =
  (made: { apply(inputs: tf.Tensor | tf.Tensor[], kwargs?: object): unknown }, kwargs = {}) =>
  (...inputs: tf.Tensor[]): tf.Tensor =>
    made.apply(inputs.length === 1 ? inputs[0] : inputs, kwargs) as tf.Tensor;

const CASES: Readonly<Record<string, () => Case>> = {
  convolution: () => ({
    inputs: [
      [2, 3, 3, 2],
      [3, 3, 2, 3],
    ],
    f: (x, kernel) => tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 1, 'same'),
  }),
  'convolution layer': () => {
    const made = new Conv({ name: `conv${++layers}`, size: 3, filters: 2, seed: 1 });
    return { inputs: [[2, 3, 3, 2]], f: layer(made) };
  },
  'batch norm on a masked board': () => {
    const made = new MaskedBatchNorm({ name: `norm${++layers}` });
    return { inputs: [[2, 3, 3, 2]], f: (x) => layer(made, { training: true })(x, mask()) };
  },
  'batch norm on full boards': () => {
    const made = new MaskedBatchNorm({ name: `norm${++layers}` });
    return {
      inputs: [[2, 3, 3, 2]],
      f: (x) => layer(made, { training: true, fullBoards: true })(x, tf.ones([2, 3, 3, 1])),
    };
  },
  'batch norm in play': () => {
    const made = new MaskedBatchNorm({ name: `norm${++layers}` });
    return { inputs: [[2, 3, 3, 2]], f: (x) => layer(made)(x, mask()) };
  },
  'global pooling for the policy': () => {
    const made = new GlobalPool({ name: `pool${++layers}`, kind: 'policy', signed: false });
    return { inputs: [[2, 3, 3, 2]], f: (x) => layer(made)(tf.mul(tf.square(x), mask()), mask()) };
  },
  'global pooling for the value': () => {
    const made = new GlobalPool({ name: `pool${++layers}`, kind: 'value', signed: false });
    return { inputs: [[2, 3, 3, 2]], f: (x) => layer(made)(tf.mul(x, mask()), mask()) };
  },
  'global pooling of full boards': () => {
    const pools = (['policy', 'value'] as const).map(
      (kind) => new GlobalPool({ name: `pool${++layers}`, kind, signed: false }),
    );
    const ones = tf.ones([2, 3, 3, 1]);
    return {
      inputs: [[2, 3, 3, 2]],
      f: (x) =>
        tf.concat(
          pools.map((pool) => layer(pool, { fullBoards: true })(tf.square(x), ones)),
          1,
        ),
    };
  },
  'a vector added to a map': () => ({
    inputs: [
      [2, 3, 3, 2],
      [2, 2],
    ],
    f: layer(new AddVector({ name: `add${++layers}` })),
  }),
  'logits of moves': () => ({
    inputs: [
      [2, 3, 3, 1],
      [2, 1],
    ],
    // Off-board logits are so large that float32 would drown the differences, and do not depend on the inputs.
    f: (points, pass) => {
      const logits = layer(new MoveLogits({ name: `logits${++layers}` }))(points, mask(), pass);
      return tf.mul(logits, tf.concat([tf.reshape(mask(), [2, 9]), tf.ones([2, 1])], 1));
    },
  }),
  'a map of owners': () => ({
    inputs: [[2, 3, 3, 1]],
    f: (points) => layer(new OwnershipMap({ name: `owners${++layers}` }))(points, mask()),
  }),
  relu: () => ({ inputs: [[3, 4]], f: (x) => tf.relu(x) }),
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
