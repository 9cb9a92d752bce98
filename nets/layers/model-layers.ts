/** `Layers` as layers of a tfjs model. */
import { layers } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { Layers } from '../architectures/layers.ts';
import { Activate } from './activation.ts';
import { Attention, FeedForward } from './attention.ts';
import { MaskedBatchNorm } from './batch-norm.ts';
import {
  AddVector,
  FirstChannel,
  MaskPlane,
  MoveLogits,
  OnePlane,
  OwnershipMap,
  ZeroOffBoard,
} from './combine.ts';
import { Conv } from './conv.ts';
import { Dropout } from './dropout.ts';
import { initialiser } from './initialiser.ts';
import { Join } from './join.ts';
import { KataGoJudgement } from './judgement.ts';
import { LocalNorm } from './local-norm.ts';
import { AffineActivate, RmsActivate } from './norms.ts';
import { Ode } from './ode.ts';
import { GlobalPool, PointMean } from './pool.ts';
import { Upsample } from './upsample.ts';
import { WindowMask, WindowPool } from './window.ts';

/** Seeds that a layer may use for its weights. */
const SEEDS_A_LAYER = 8;

/** A value and the board that it lies on. */
export type Flowing = {
  readonly tensor: SymbolicTensor;
  /** [B, H, W, 1] of the maps of this size. */
  readonly mask: SymbolicTensor;
  /** Whether it is 0 off the board. */
  readonly isZeroed: boolean;
};

export function boardLayers(planes: SymbolicTensor, globals: SymbolicTensor, seed: number): Layers<Flowing> {
  const mask = new MaskPlane({ name: 'mask' }).apply(planes) as SymbolicTensor;
  const flowing = (tensor: SymbolicTensor): Flowing => ({ tensor, mask, isZeroed: true });
  return modelLayers(flowing(planes), flowing(globals), seed);
}

export function imageLayers(image: SymbolicTensor, seed: number): Layers<Flowing> {
  const mask = new OnePlane({ name: 'mask' }).apply(image) as SymbolicTensor;
  return modelLayers({ tensor: image, mask, isZeroed: true }, null, seed);
}

function modelLayers(planes: Flowing, globals: Flowing | null, seed: number): Layers<Flowing> {
  let drawn = 0;
  // A model has fewer layers than a thousand, so that no two seeds share a layer's.
  const nextSeed = (): number => seed * 1000 + ++drawn;
  const isOfImages = globals === null;

  const run = (layer: layers.Layer, ...inputs: SymbolicTensor[]): SymbolicTensor =>
    layer.apply(inputs.length === 1 ? inputs[0] : inputs) as SymbolicTensor;
  /** On the board that x lies on. */
  const on = (x: Flowing, tensor: SymbolicTensor, isZeroed: boolean): Flowing => ({
    tensor,
    mask: x.mask,
    isZeroed: isZeroed || isOfImages,
  });
  const zeroedOnes = new Map<SymbolicTensor, SymbolicTensor>();
  /** The tensor for what looks beyond a point; `name` is that of the first to look. */
  const zeroed = (name: string, { tensor, mask, isZeroed }: Flowing): SymbolicTensor => {
    if (isZeroed) return tensor;
    const made = zeroedOnes.get(tensor) ?? run(new ZeroOffBoard({ name: `${name}/board` }), tensor, mask);
    zeroedOnes.set(tensor, made);
    return made;
  };
  const channelsOf = ({ tensor }: Flowing): number => tensor.shape.at(-1) as number;

  return {
    planes,
    globals,
    conv: (name, x, filters, size, options = {}) => {
      const { stride = 1, padding = 'same' } = options;
      const sum = run(new Conv({ name, size, filters, seed: nextSeed(), ...options }), zeroed(name, x));
      if (stride === 1 && padding === 'same') return on(x, sum, false);
      const mask = run(new WindowMask({ name: `${name}/mask`, size, stride, padding }), x.mask);
      return on({ ...x, mask }, sum, false);
    },
    dense: (name, x, units, options = {}) => {
      const { bias = true, activation = 'identity', init = 'glorot' } = options;
      const fans = { fanIn: channelsOf(x), fanOut: units };
      const kernelInitializer = initialiser(init, 1, fans, nextSeed());
      const isTheirs = activation === 'relu' || activation === 'tanh';
      const sum = run(
        layers.dense({ name, units, kernelInitializer, useBias: bias, ...(isTheirs ? { activation } : {}) }),
        x.tensor,
      );
      const isDone = isTheirs || activation === 'identity';
      return on(
        x,
        isDone ? sum : run(new Activate({ name: `${name}/${activation}`, activation }), sum),
        true,
      );
    },
    batchNorm: (name, x, options = {}) =>
      on(x, run(new MaskedBatchNorm({ name, ...options }), x.tensor, x.mask), true),
    affine: (name, x, activation) =>
      on(x, run(new AffineActivate({ name, activation }), x.tensor, x.mask), true),
    rms: (name, x, options) => on(x, run(new RmsActivate({ name, ...options }), x.tensor, x.mask), true),
    localNorm: (name, x, options) => on(x, run(new LocalNorm({ name, ...options }), x.tensor), x.isZeroed),
    // Every activation keeps zeros.
    activate: (name, x, activation) => on(x, run(new Activate({ name, activation }), x.tensor), x.isZeroed),
    add: (name, x, y) => on(x, run(layers.add({ name }), x.tensor, y.tensor), x.isZeroed && y.isZeroed),
    concat: (name, xs) => {
      const joined = run(layers.concatenate({ name, axis: -1 }), ...xs.map(({ tensor }) => tensor));
      return on(
        xs[0],
        joined,
        xs.every(({ isZeroed }) => isZeroed),
      );
    },
    addVector: (name, x, vector) => on(x, run(new AddVector({ name }), x.tensor, vector.tensor), false),
    window: (name, x, { kind, size, stride = 1, padding = 'same' }) => {
      const windows = { size, stride, padding };
      const isSmaller = stride > 1 || padding === 'valid';
      const after = isSmaller ? [run(new WindowMask({ name: `${name}/mask`, ...windows }), x.mask)] : [];
      const pooled = run(new WindowPool({ name, kind, ...windows }), zeroed(name, x), x.mask, ...after);
      return on({ ...x, mask: after[0] ?? x.mask }, pooled, true);
    },
    upsample: (name, x, like) => on(like, run(new Upsample({ name }), x.tensor, like.tensor), false),
    pointMean: (name, x) =>
      x.tensor.rank === 2 ? x : on(x, run(new PointMean({ name }), zeroed(name, x), x.mask), true),
    flatten: (name, x) => on(x, run(layers.flatten({ name }), x.tensor), true),
    pool: (name, x, options) =>
      on(x, run(new GlobalPool({ name, ...options }), zeroed(name, x), x.mask), true),
    dropout: (name, x, rate) => on(x, run(new Dropout({ name, rate }), x.tensor), x.isZeroed),
    join: (name, xs, options) =>
      on(
        xs[0],
        run(new Join({ name, ...options }), ...xs.map(({ tensor }) => tensor)),
        xs.every(({ isZeroed }) => isZeroed),
      ),
    attention: (name, x, block) =>
      on(x, run(new Attention({ name, block, seed: nextSeed() * SEEDS_A_LAYER }), x.tensor, x.mask), false),
    feedForward: (name, x, block) =>
      on(x, run(new FeedForward({ name, block, seed: nextSeed() * SEEDS_A_LAYER }), x.tensor), false),
    ode: (name, x, options) =>
      on(x, run(new Ode({ name, ...options, seed: nextSeed() * SEEDS_A_LAYER }), x.tensor, x.mask), true),
    first: (name, x) => on(x, run(new FirstChannel({ name }), x.tensor), x.isZeroed),
    moveLogits: (name, points, pass) =>
      on(points, run(new MoveLogits({ name }), points.tensor, points.mask, pass.tensor), true),
    ownership: (name, points) =>
      on(points, run(new OwnershipMap({ name }), points.tensor, points.mask), true),
    judgement: (name, outcomes, scores, { scales }) => {
      if (globals === null) throw new Error('internal: a judgement of an image');
      const inputs = [outcomes.tensor, scores.tensor, globals.tensor];
      const judged = new KataGoJudgement({ name, scales }).apply(inputs) as SymbolicTensor[];
      const [value, score, stdev] = judged.map((tensor) => on(outcomes, tensor, true));
      return { value, score, stdev };
    },
  };
}
