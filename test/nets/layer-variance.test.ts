/** Deep nets as they begin: what fifty layers or blocks leave of the variance. */
import * as tf from '@tensorflow/tfjs-core';
import { input, model as makeModel } from '@tensorflow/tfjs-layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { mean } from 'simple-statistics';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Initialiser, LayerActivation, Layers } from '#nets/architectures/layers.ts';
import { residualOf, residualTrunk } from '#nets/architectures/residual.ts';
import type { ResidualTrunk } from '#nets/architectures/residual.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { activate } from '#nets/layers/activation.ts';
import { imageLayers } from '#nets/layers/model-layers.ts';

beforeAll(() => useBackend('wasm'));

const DEPTH = 50;

type Word = 'conv' | 'dense';
type Stack = { readonly word: Word; readonly init: Initialiser; readonly width: number };
type Deep = Stack & {
  readonly activation: LayerActivation;
  /** [boards, height, width] of maps, [vectors] for dense layers. */
  readonly shape: readonly number[];
  /** Of the inputs; 1 unless told otherwise. */
  readonly variance?: number;
};

const meanSquare = (x: tf.Tensor): number => tf.tidy(() => tf.mean(tf.square(x)).dataSync()[0]);

/** A net of `DEPTH` convolutions of 3x3 or dense layers and nothing between them, to be carried out layer by layer. */
function stackOf({ word, init, width }: Stack, seed: number): LayersModel {
  const image = input({ shape: [9, 9, width] });
  const build = <X>(l: Layers<X>): X => {
    let x = word === 'conv' ? l.planes : l.pointMean('mean', l.planes);
    for (let i = 1; i <= DEPTH; i++)
      x = word === 'conv' ? l.conv(`${i}`, x, width, 3, { init }) : l.dense(`${i}`, x, width, { init });
    return x;
  };
  return makeModel({ inputs: image, outputs: build(imageLayers(image, seed)).tensor });
}

/** All of a map and what a 3x3 window of its edge points sees beyond: the map again, mirrored. */
const mirrored = (x: tf.Tensor4D): tf.Tensor4D => {
  const sides = [0, 1, 1, 0].map((side): [number, number] => [side, side]);
  return tf.mirrorPad(x, sides, 'symmetric');
};
const inner = (x: tf.Tensor4D): tf.Tensor4D => {
  const [boards, height, width, channels] = x.shape;
  return tf.slice(x, [0, 1, 1, 0], [boards, height - 2, width - 2, channels]);
};

/**
 * Mean squares behind the activation of each layer. Signs are drawn at random before each layer: they leave squares as
 * they are and values without correlation, as He et al. 2015, section 2.2, suppose. Without them all points of a net of
 * relus come to say the same, so that one net is one draw of a product of wide spread, whose mean takes thousands.
 */
function meanSquares({ activation, shape, variance = 1, ...stack }: Deep, seed: number): number[] {
  const model = stackOf(stack, seed);
  let x = tf.randomNormal([...shape, stack.width], 0, Math.sqrt(variance), 'float32', seed);
  const found = Array.from({ length: DEPTH }, (_, i) => {
    const before = x;
    x = tf.tidy(() => {
      const signed = tf.mul(x, tf.sign(tf.randomUniform(x.shape, -1, 1, 'float32', DEPTH * seed + i)));
      const layer = model.getLayer(`${i + 1}`);
      const sum =
        stack.word === 'conv'
          ? inner(layer.apply(mirrored(signed as tf.Tensor4D)) as tf.Tensor4D)
          : (layer.apply(signed) as tf.Tensor);
      return activate(sum, activation);
    });
    before.dispose();
    return meanSquare(x);
  });
  tf.dispose(x);
  model.dispose();
  return found;
}

const MAPS = { word: 'conv', width: 64 } as const;
const VECTORS = { word: 'dense', width: 256, shape: [256] } as const;

// A factor has about the variance 5 / values + 2 / weights for relus, because E[relu(y)^4] = 6 E[relu(y)^2]^2 for normal
// y, and less without them: 8% at most for the fifty of one net.
test.each<{ name: string; deep: Deep; draws: number }>([
  {
    name: 'He, convolutions and relus',
    deep: { ...MAPS, init: 'he', activation: 'relu', shape: [4, 19, 19] },
    draws: 3,
  },
  { name: 'He, dense layers and relus', deep: { ...VECTORS, init: 'he', activation: 'relu' }, draws: 3 },
  {
    name: 'LeCun, convolutions',
    deep: { ...MAPS, init: 'lecun', activation: 'identity', shape: [2, 19, 19] },
    draws: 2,
  },
  { name: 'LeCun, dense layers', deep: { ...VECTORS, init: 'lecun', activation: 'identity' }, draws: 2 },
  {
    name: 'Glorot, convolutions of one width',
    deep: { ...MAPS, init: 'glorot', activation: 'identity', shape: [2, 19, 19] },
    draws: 2,
  },
  {
    name: 'Glorot, dense layers of one width',
    deep: { ...VECTORS, init: 'glorot', activation: 'identity' },
    draws: 2,
  },
])(
  'by $name the variance of each of fifty layers is within a tenth of that of the first',
  ({ deep, draws }) => {
    const nets = Array.from({ length: draws }, (_, seed) => meanSquares(deep, seed + 1));
    const byLayer = nets[0].map((_, i) => mean(nets.map((layers) => layers[i])));
    for (const variance of byLayer) expect(Math.abs(variance / byLayer[0] - 1)).toBeLessThan(0.1);
  },
);

test("by LeCun's weights and tanh the variance comes to 0.38 from whatever it was, and stays", () => {
  const deep = { ...MAPS, init: 'lecun', activation: 'lecun-tanh', shape: [1, 19, 19] } as const;
  for (const variance of [0.05, 5]) {
    const layers = meanSquares({ ...deep, variance }, 1);
    expect(Math.abs(layers[0] / 0.38 - 1)).toBeGreaterThan(0.5);
    // The q with E[(1.7159 tanh(2 sqrt(q) z / 3))^2] = q for normal z.
    for (const late of layers.slice(-10)) expect(Math.abs(late / 0.3824 - 1)).toBeLessThan(0.1);
  }
});

describe('padding by zeros', () => {
  /** The part of the 3x3 neighbours that are on the board, of the variance, over again: what is left in the mean of all points. */
  const kept = (side: number): number => {
    let row: number[] = Array.from({ length: side }, () => 1);
    for (let i = 0; i < DEPTH; i++)
      row = row.map((value, j) => ((row[j - 1] ?? 0) + value + (row[j + 1] ?? 0)) / 3);
    return mean(row) ** 2;
  };

  test.each([
    { side: 9, told: 0.028 },
    { side: 19, told: 0.32 },
  ])("leaves He's relus $told of the variance on boards of $side, as the docs say", ({ side, told }) => {
    expect(kept(side)).toBeCloseTo(told, told < 0.1 ? 3 : 2);
    // Of signs at random y = sum w x has the mean square sum w^2 x^2, of which a relu passes half.
    const measured = [1, 2].map((seed) => {
      const model = stackOf({ ...MAPS, init: 'he' }, seed);
      const left = tf.tidy(() => {
        let variance = tf.ones([1, side, side, MAPS.width]);
        for (let i = 1; i <= DEPTH; i++) {
          const layer = model.getLayer(`${i}`);
          layer.setWeights(layer.getWeights().map((kernel) => tf.square(kernel)));
          variance = tf.mul(layer.apply(variance) as tf.Tensor, 1 / 2);
        }
        return tf.mean(variance).dataSync()[0];
      });
      model.dispose();
      return left;
    });
    expect(Math.abs(mean(measured) / kept(side) - 1)).toBeLessThan(0.1);
  });
});

describe('fifty residual blocks', () => {
  /** Variance behind the last block over that behind the first, of random images. */
  function growth(options: Partial<ResidualTrunk>, narrow?: number): number {
    const channels = 8;
    const trunk = residualOf('image', channels, 8, {
      ...options,
      stages: [{ blocks: DEPTH, channels, narrow }],
    });
    const image = input({ shape: [9, 9, 3] });
    const { top } = residualTrunk(imageLayers(image, 1), trunk);
    const whole = makeModel({ inputs: image, outputs: top.tensor });
    const behind = trunk.form === 'original' ? 'relu' : 'sum';
    const ends = [0, DEPTH - 1].map((block) => whole.getLayer(`trunk/block${block}/${behind}`).output);
    const blocks = makeModel({ inputs: image, outputs: ends as SymbolicTensor[] });
    const [first, last] = tf.tidy(() => {
      const x = tf.randomNormal([4, 9, 9, 3], 0, 1, 'float32', 1);
      return (blocks.apply(x, { training: true }) as tf.Tensor[]).map(meanSquare);
    });
    whole.dispose();
    return last / first;
  }

  test.each<Partial<ResidualTrunk> & { narrow?: number }>([
    { start: 'fixup', norm: false, form: 'original' },
    { start: 'fixup', norm: false, form: 'pre-activation' },
    { start: 'fixup', norm: false, form: 'original', narrow: 4 },
    { start: 'zero', form: 'original' },
    { start: 'zero', form: 'pre-activation' },
    { start: 'zero', form: 'pre-activation', norm: false, narrow: 4 },
  ])('keep the variance where they begin as in %j, and not where they begin unscaled', (shape) => {
    const { narrow, ...options } = shape;
    expect(Math.abs(growth(options, narrow) - 1)).toBeLessThan(0.1);
    expect(growth({ ...options, start: 'unscaled' }, narrow)).toBeGreaterThan(5);
  });

  test("scaled by L^(-1/2), as in Tengen's own nets, all together add less than the variance that comes in", () => {
    const added = growth({ start: 'scaled', form: 'pre-activation' }) - 1;
    expect(added).toBeGreaterThan(0.2);
    expect(added).toBeLessThan(1);
  });
});
