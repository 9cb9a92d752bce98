/** The gradients of the layers that KataGo's nets alone have, by input and by each weight, against central differences. */
import * as tf from '@tensorflow/tfjs-core';
import type { RmsOptions } from '#nets/architectures/layers.ts';
import { DEFAULT_SCALES } from '#nets/katago/outputs.ts';
import type { BlockOf } from '#nets/katago/spec.ts';
import { Attention, FeedForward } from '#nets/layers/attention.ts';
import { KataGoJudgement } from '#nets/layers/judgement.ts';
import { AffineActivate, RmsActivate } from '#nets/layers/norms.ts';
import { expectGradients } from '../central-differences.ts';
import type { Case } from '../central-differences.ts';
import { byWeights } from '../layer-cases.ts';

const MAP = [2, 2, 3, 4];
const mask = (): tf.Tensor[] => [tf.tensor4d([1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 0, 0], [2, 2, 3, 1])];
const name = 'layer';

const rms = (options: Omit<RmsOptions, 'epsilon'>): Case =>
  byWeights(new RmsActivate({ name, epsilon: 1e-3, ...options }), MAP, mask);

const attention = (rope: BlockOf<'attention'>['rope']): Case => {
  const heads = { heads: 4, kvHeads: 2, queryDim: 4, valueDim: 3 };
  const block = { kind: 'attention', epsilon: 1e-3, ...heads, rope } as const;
  return byWeights(new Attention({ name, block, seed: 1 }), MAP, mask);
};

const CASES: Readonly<Record<string, () => Case>> = {
  'a scale and shift of channels': () =>
    byWeights(new AffineActivate({ name, activation: 'mish' }), MAP, mask),
  'a root mean square of each point': () => rms({ spatial: false, activation: 'silu' }),
  'a root mean square of the board': () => rms({ spatial: true, activation: 'relu' }),
  'attention without places': () => attention({ kind: 'none' }),
  'attention with fixed frequencies': () => attention({ kind: 'fixed', theta: 100 }),
  'attention with learned frequencies': () => attention({ kind: 'learned' }),
  'a gated layer': () => {
    const block = { kind: 'feed-forward', epsilon: 1e-3, hidden: 5 } as const;
    return byWeights(new FeedForward({ name, block, seed: 1 }), MAP);
  },
  "the judgement of KataGo's value head": () => ({
    inputs: [
      [2, 3],
      [2, 4],
    ],
    f: (outcomes, scores) => {
      const judge = new KataGoJudgement({ name, scales: DEFAULT_SCALES });
      return tf.concat(judge.apply([outcomes, scores, tf.zeros([2, 19])]) as tf.Tensor[], 1);
    },
  }),
};

await expectGradients(CASES);
