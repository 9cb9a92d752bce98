/**
 * From a `NetSpec` to a tfjs model that takes any board size up to its input buffer.
 *
 * Trunk: conv 3x3 of the planes plus a dense map of the globals at every point, then pre-activation residual blocks
 * x + conv(relu(bn(conv(relu(bn x))))) (He et al. 2016b), then bn and relu. Heads as in Wu 2019, section 3.3.
 * Weight names: `trunk/input/kernel`, `trunk/globals/{kernel,bias}`, `trunk/blockI/{bn1,bn2}/{gamma,beta,moving_mean,
 * moving_variance}`, `trunk/blockI/{conv1,conv2}/kernel`, `trunk/bn/...`, `policy/{conv,points}/kernel`,
 * `policy/{globals,pass1,pass2}/{kernel,bias}`, `policy/bn/...`, `value/conv/kernel`, `value/bn/...`,
 * `value/{hidden,value,score}/{kernel,bias}`, `ownership/points/kernel`.
 */
import { initializers, input, layers, model as makeModel } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { FEATURE_SETS } from './features/feature-set.ts';
import { AddVector, MaskPlane, MoveLogits, OwnershipMap } from './layers/combine.ts';
import { MaskedBatchNormRelu } from './layers/batch-norm.ts';
import { Conv } from './layers/conv.ts';
import { GlobalPool } from './layers/pool.ts';
import type { NetSpec } from './spec.ts';

/** Scores are trained and returned by the model in units of this many points, which makes most of them about 1. KataGo's. */
export const SCORE_SCALE = 20;

/** Of the He deviation, for convolutions whose sums nothing normalises: outputs start near no opinion. Our choice. */
const OUTPUT_GAIN = 0.5;

/**
 * @param seed of the initial weights; the same seed gives the same weights.
 * @returns inputs planes [B, H, W, P] and globals [B, G]; outputs policy logits [B, H * W + 1] (off-board -1e4, pass
 * last), value [B, 1] in [-1, 1], score [B, 1] in units of 20 points, ownership [B, H * W] in [-1, 1]; all for the
 * side to move.
 */
export function buildModel(spec: NetSpec, seed: number): LayersModel {
  const { blocks, channels } = spec.trunk;
  const { policyChannels, valueChannels, valueHidden } = spec.heads;
  let drawn = 0;
  // A model has fewer layers than a thousand, so that no two seeds share a layer's.
  const nextSeed = (): number => seed * 1000 + ++drawn;
  const conv = (name: string, x: SymbolicTensor, size: number, filters: number, gain = 1): SymbolicTensor =>
    new Conv({ name, size, filters, seed: nextSeed(), gain }).apply(x) as SymbolicTensor;
  const dense = (
    name: string,
    x: SymbolicTensor,
    units: number,
    activation?: 'relu' | 'tanh',
  ): SymbolicTensor => {
    const kernelInitializer = initializers.glorotNormal({ seed: nextSeed() });
    return layers
      .dense({ name, units, kernelInitializer, ...(activation ? { activation } : {}) })
      .apply(x) as SymbolicTensor;
  };

  const features = FEATURE_SETS[spec.featureSet];
  const planes = input({ shape: [null, null, features.planes], name: 'planes' });
  const globals = input({ shape: [features.globals], name: 'globals' });
  const mask = new MaskPlane({ name: 'mask' }).apply(planes) as SymbolicTensor;
  const normRelu = (name: string, x: SymbolicTensor): SymbolicTensor =>
    new MaskedBatchNormRelu({ name }).apply([x, mask]) as SymbolicTensor;
  const addVector = (name: string, x: SymbolicTensor, v: SymbolicTensor): SymbolicTensor =>
    new AddVector({ name }).apply([x, v]) as SymbolicTensor;

  let trunk = addVector(
    'trunk/sum',
    conv('trunk/input', planes, 3, channels),
    dense('trunk/globals', globals, channels),
  );
  for (let i = 0; i < blocks; i++) {
    const name = `trunk/block${i}`;
    const inner = conv(`${name}/conv1`, normRelu(`${name}/bn1`, trunk), 3, channels);
    // So that the sum over blocks does not grow with depth: L^(-1/2), Fixup's scale for branches of two layers (Zhang et al. 2019).
    const outer = conv(`${name}/conv2`, normRelu(`${name}/bn2`, inner), 3, channels, 1 / Math.sqrt(blocks));
    trunk = layers.add({ name: `${name}/sum` }).apply([trunk, outer]) as SymbolicTensor;
  }
  const top = normRelu('trunk/bn', trunk);

  const pooled = new GlobalPool({ name: 'policy/pool', kind: 'policy' }).apply([top, mask]) as SymbolicTensor;
  const policyMap = addVector(
    'policy/sum',
    conv('policy/conv', top, 1, policyChannels),
    dense('policy/globals', pooled, policyChannels),
  );
  const policyPoints = conv('policy/points', normRelu('policy/bn', policyMap), 1, 1, OUTPUT_GAIN);
  const pass = dense('policy/pass2', dense('policy/pass1', pooled, policyChannels, 'relu'), 1);
  const logits = new MoveLogits({ name: 'policy/logits' }).apply([
    policyPoints,
    mask,
    pass,
  ]) as SymbolicTensor;

  const valueMap = normRelu('value/bn', conv('value/conv', top, 1, valueChannels));
  const valuePool = new GlobalPool({ name: 'value/pool', kind: 'value' }).apply([
    valueMap,
    mask,
  ]) as SymbolicTensor;
  const hidden = dense('value/hidden', valuePool, valueHidden, 'relu');
  const value = dense('value/value', hidden, 1, 'tanh');
  const score = dense('value/score', hidden, 1);
  const ownershipPoints = conv('ownership/points', valueMap, 1, 1, OUTPUT_GAIN);
  const ownership = new OwnershipMap({ name: 'ownership/map' }).apply([
    ownershipPoints,
    mask,
  ]) as SymbolicTensor;
  return makeModel({ inputs: [planes, globals], outputs: [logits, value, score, ownership] });
}
