/** From a `NetSpec` to a tfjs model that takes any board size up to its input buffer. */
import { initializers, input, layers, model as makeModel } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Layers } from './architectures/layers.ts';
import { buildNet } from './architectures/net.ts';
import { FEATURE_SETS } from './features/feature-set.ts';
import { Activate } from './layers/activation.ts';
import { Attention, FeedForward } from './layers/attention.ts';
import { MaskedBatchNormRelu } from './layers/batch-norm.ts';
import { AddVector, FirstChannel, MaskPlane, MoveLogits, OwnershipMap } from './layers/combine.ts';
import { Conv } from './layers/conv.ts';
import { KataGoJudgement } from './layers/judgement.ts';
import { AffineActivate, RmsActivate } from './layers/norms.ts';
import { GlobalPool } from './layers/pool.ts';
import type { NetSpec } from './spec.ts';

type X = SymbolicTensor;

/** Seeds that a layer may use for its weights. */
const SEEDS_A_LAYER = 8;

/**
 * @param seed of the initial weights; the same seed gives the same weights.
 * @returns inputs planes [B, H, W, P] and globals [B, G]; outputs policy logits [B, H * W + 1] (off-board -1e4, pass
 * last), value [B, 1] in [-1, 1], score [B, 1] in units of 20 points, ownership [B, H * W] in [-1, 1], and from KataGo's
 * heads the score's stdev [B, 1] in the same units; all for the side to move; last, where the heads have it, the logits of
 * the opponent's reply [B, H * W + 1]. Weights are named as in `Layers`.
 */
export function buildModel(spec: NetSpec, seed: number): LayersModel {
  const sizes = FEATURE_SETS[spec.featureSet];
  const planes = input({ shape: [null, null, sizes.planes], name: 'planes' });
  const globals = input({ shape: [sizes.globals], name: 'globals' });
  const { policy, value, score, ownership, stdev, reply } = buildNet(
    modelLayers(planes, globals, seed),
    spec,
  );
  const outputs = [policy, value, score, ownership, stdev, reply].filter((output) => output !== null);
  return makeModel({ inputs: [planes, globals], outputs });
}

function modelLayers(planes: X, globals: X, seed: number): Layers<X> {
  const mask = new MaskPlane({ name: 'mask' }).apply(planes) as X;
  let drawn = 0;
  // A model has fewer layers than a thousand, so that no two seeds share a layer's.
  const nextSeed = (): number => seed * 1000 + ++drawn;
  return {
    planes,
    globals,
    conv: (name, x, filters, size, gain = 1) =>
      new Conv({ name, size, filters, seed: nextSeed(), gain }).apply(x) as X,
    dense: (name, x, units, { bias = true, activation = 'identity' } = {}) => {
      const kernelInitializer = initializers.glorotNormal({ seed: nextSeed() });
      const isOurs = activation !== 'relu' && activation !== 'tanh';
      const sum = layers
        .dense({ name, units, kernelInitializer, useBias: bias, ...(isOurs ? {} : { activation }) })
        .apply(x) as X;
      return isOurs && activation !== 'identity'
        ? (new Activate({ name: `${name}/${activation}`, activation }).apply(sum) as X)
        : sum;
    },
    batchNormRelu: (name, x) => new MaskedBatchNormRelu({ name }).apply([x, mask]) as X,
    affine: (name, x, activation) => new AffineActivate({ name, activation }).apply([x, mask]) as X,
    rms: (name, x, options) => new RmsActivate({ name, ...options }).apply([x, mask]) as X,
    add: (name, x, y) => layers.add({ name }).apply([x, y]) as X,
    addVector: (name, x, vector) => new AddVector({ name }).apply([x, vector]) as X,
    pool: (name, x, options) => new GlobalPool({ name, ...options }).apply([x, mask]) as X,
    attention: (name, x, block) =>
      new Attention({ name, block, seed: nextSeed() * SEEDS_A_LAYER }).apply([x, mask]) as X,
    feedForward: (name, x, block) =>
      new FeedForward({ name, block, seed: nextSeed() * SEEDS_A_LAYER }).apply(x) as X,
    first: (name, x) => new FirstChannel({ name }).apply(x) as X,
    moveLogits: (name, points, pass) => new MoveLogits({ name }).apply([points, mask, pass]) as X,
    ownership: (name, points) => new OwnershipMap({ name }).apply([points, mask]) as X,
    judgement: (name, outcomes, scores, { scales }) => {
      const judged = new KataGoJudgement({ name, scales }).apply([outcomes, scores, globals]) as X[];
      const [value, score, stdev] = judged;
      return { value, score, stdev };
    },
  };
}
