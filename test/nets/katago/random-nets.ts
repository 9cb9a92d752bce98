/** Small nets in KataGo's architecture with random weights: every version, every kind of block. */
import { makeRng } from '#engine/go/random.ts';
import type { WeightArray } from '#nets/file.ts';
import type { KataGoNet } from '#nets/katago/write.ts';
import type { Activation, Block, KataGoHeads, KataGoTrunk } from '#nets/katago/spec.ts';
import type { AnySpec } from '#nets/spec.ts';
import { weightShapes } from '#nets/weight-shapes.ts';

/** Weights of a size that keeps activations near 1, and biases far from 0. */
export function randomWeights(spec: AnySpec, seed: number): Map<string, WeightArray> {
  const rng = makeRng(seed);
  const weights = new Map<string, WeightArray>();
  for (const [name, shape] of weightShapes(spec)) {
    const size = shape.reduce((product, side) => product * side, 1);
    const isPositive = /scale|gamma|norm$|variance/.test(name);
    const inputs = shape.length === 1 ? 1 : size / shape[shape.length - 1];
    const spread = name.endsWith('frequencies') ? 1 : 1.7 / Math.sqrt(inputs);
    const draw = (): number => (isPositive ? 0.5 + rng.nextFloat() : (2 * rng.nextFloat() - 1) * spread);
    weights.set(name, { shape, values: Float32Array.from({ length: size }, draw) });
  }
  return weights;
}

const VERSIONS = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17];

/** @param act the activation everywhere; files before version 11 have only relu, and before 15 none for the pass. */
export function randomKataGoNet(
  version: number,
  blocks: readonly Block[],
  act: Activation,
  tip: KataGoTrunk['tip'] = { kind: 'affine' },
): KataGoNet {
  const pass = version < 15 ? 'relu' : act;
  const activations = { pooled: act, policy: act, pass, value: act, hidden: act };
  const heads: KataGoHeads = {
    kind: 'katago',
    version,
    policyChannels: 5,
    pooledChannels: 4,
    policies: version < 12 ? 1 : version < 16 ? 2 : 4,
    valueChannels: 3,
    valueHidden: 7,
    scales: {
      tdScore: 20,
      scoreMean: 20,
      scoreStdev: 20,
      lead: version < 13 ? 20 : 25,
      varianceTime: 40,
      valueError: 0.25,
      scoreError: version < 13 ? 30 : 150,
    },
    activations,
  };
  const trunk: KataGoTrunk = {
    kind: 'katago',
    channels: 8,
    kernel: 5,
    blocks: [...blocks],
    tip,
    activation: act,
  };
  const spec = { featureSet: 'katago-v7' as const, trunk, heads };
  const provenance = { name: `v${version}-test`, origin: `KataGo, version ${version}` };
  return { spec, weights: randomWeights(spec, version), provenance };
}

export const ordinary = (act: Activation): Block => ({
  kind: 'ordinary',
  kernel: 3,
  middle: 6,
  activations: [act, act],
});
export const gpool = (act: Activation): Block => ({
  kind: 'gpool',
  kernel: 3,
  regular: 5,
  pooled: 4,
  activations: [act, act, act],
});
export const bottleneck = (act: Activation, blocks: readonly Block[]): Block => ({
  kind: 'bottleneck',
  narrow: 4,
  blocks,
  activations: [act, act],
});
export const attention = (rope: 'none' | 'fixed' | 'learned'): Block => ({
  kind: 'attention',
  epsilon: 1e-6,
  heads: 4,
  kvHeads: 2,
  queryDim: 8,
  valueDim: 3,
  rope: rope === 'fixed' ? { kind: 'fixed', theta: 100 } : { kind: rope },
});
export const feedForward: Block = { kind: 'feed-forward', epsilon: 1e-6, hidden: 12 };

/** A net of each version with the blocks that it may have, and of each kind of transformer. */
export function everyNet(): [title: string, net: KataGoNet][] {
  const convolutional = VERSIONS.map((version): [string, KataGoNet] => {
    const act = (['relu', 'mish', 'silu'] as const)[version < 11 ? 0 : version % 3];
    const blocks = [ordinary(act), gpool(act), bottleneck(act, [ordinary(act), gpool(act)])];
    return [`version ${version}, ${act}`, randomKataGoNet(version, blocks, act)];
  });
  const transformers = [
    randomKataGoNet(17, [attention('none'), feedForward, attention('fixed')], 'silu'),
    randomKataGoNet(17, [ordinary('relu'), attention('learned'), bottleneck('relu', [feedForward])], 'relu', {
      kind: 'rms',
      epsilon: 1e-5,
      spatial: false,
    }),
    randomKataGoNet(17, [attention('fixed'), feedForward, gpool('mish')], 'mish', {
      kind: 'rms',
      epsilon: 1e-5,
      spatial: true,
    }),
  ].map((net, i): [string, KataGoNet] => [`transformer ${i + 1}`, net]);
  return [...convolutional, ...transformers];
}
