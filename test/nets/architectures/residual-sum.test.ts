/**
 * What identity shortcuts without an activation behind the sum lead to (He et al. 2016b, eq. 4 and 5):
 * x_L = x_l + sum over i from l to L - 1 of F(x_i), and dE/dx_l = dE/dx_L (1 + d/dx_l of that sum).
 */
import * as tf from '@tensorflow/tfjs-core';
import { input, model as makeModel } from '@tensorflow/tfjs-layers';
import type { SymbolicTensor } from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';
import { residualOf, residualTrunk } from '#nets/architectures/residual.ts';
import type { ResidualTrunk } from '#nets/architectures/residual.ts';
import { boardLayers } from '#nets/layers/model-layers.ts';
import type { Flowing } from '#nets/layers/model-layers.ts';
import { inFloat64 } from '../float64.ts';
import { boardsIn } from '../words/small-nets.ts';

const [L, CHANNELS, SIZE] = [4, 3, 5];

/** x_0 to x_L, of which x_0 is what the first block is given, F(x_0) to F(x_{L - 1}), and what the trunk gives. */
type Values = { readonly x: readonly tf.Tensor[]; readonly F: readonly tf.Tensor[]; readonly top: tf.Tensor };

/** A trunk as a function of what is added to x_l, l > 0. */
function trunkOf(options: Partial<ResidualTrunk>, narrow?: number): (move: tf.Tensor, l: number) => Values {
  const given = boardsIn(SIZE, SIZE);
  const [planes, globals] = [given.planes, given.globals].map(({ shape }) =>
    input({ shape: shape.length === 4 ? [null, null, shape[3]] : [shape[1]] }),
  );
  const layers = boardLayers(planes, globals, 1);
  const [states, branches, moves]: SymbolicTensor[][] = [[], [], []];
  const add = (name: string, x: Flowing, branch: Flowing): Flowing => {
    const move = input({ shape: [null, null, CHANNELS] });
    const moved = layers.add(`${name}/moved`, layers.add(name, x, branch), { ...x, tensor: move });
    if (states.length === 0) states.push(x.tensor);
    states.push(moved.tensor);
    branches.push(branch.tensor);
    moves.push(move);
    return moved;
  };
  const stages = [{ blocks: L, channels: CHANNELS, narrow }];
  const trunk = { ...residualOf('board', CHANNELS, 8, options), stages };
  const { top } = residualTrunk({ ...layers, add }, trunk);
  const model = makeModel({
    inputs: [planes, globals, ...moves],
    outputs: [top.tensor, ...states, ...branches],
  });
  return (move, l) => {
    const added = moves.map((_, i) => (i + 1 === l ? move : tf.zerosLike(move)));
    const step = { training: true, fullBoards: true };
    const [end, ...rest] = model.apply([given.planes, given.globals, ...added], step) as tf.Tensor[];
    return { top: end, x: rest.slice(0, L + 1), F: rest.slice(L + 1) };
  };
}

const none = (): tf.Tensor => tf.zeros([2, SIZE, SIZE, CHANNELS]);
const largest = (x: tf.Tensor): number => tf.max(tf.abs(x)).dataSync()[0];
/** Beside the size of b. */
const distance = (a: tf.Tensor, b: tf.Tensor): number => largest(tf.sub(a, b)) / largest(b);
const sumFrom = ({ F }: Values, first: number): tf.Tensor => tf.addN(F.slice(first));

const SHAPES: readonly (Partial<ResidualTrunk> & { narrow?: number })[] = [
  { norm: true },
  { norm: false },
  { norm: true, narrow: 2 },
];

test.each(SHAPES)('x_L is x_l and all branches from l on, and so is its gradient: %j', async (shape) => {
  const { narrow, ...options } = shape;
  await inFloat64(() => {
    const trunk = trunkOf({ form: 'pre-activation', ...options }, narrow);
    const values = trunk(none(), L);
    const { x } = values;
    const weights = tf.randomUniform(x[L].shape, 0.5, 1.5, 'float32', 9);
    const byX = (l: number): tf.Tensor =>
      tf.grad((move) => tf.sum(tf.mul(weights, trunk(move, l).top)))(none());
    const [byTop, byFirst] = [byX(L), byX(1)];
    for (let l = 1; l < L; l++) {
      const grown = tf.sub(x[L], x[l]);
      expect(distance(sumFrom(values, l), grown)).toBeLessThan(1e-12);
      const bySum = tf.grad((move) => sumFrom(trunk(move, l), l))(none(), byTop);
      expect(largest(bySum) / largest(byTop)).toBeGreaterThan(0.1);
      expect(distance(tf.add(byTop, bySum), byX(l))).toBeLessThan(1e-9);
      if (l === 1) continue;
      // The lecture's gradient has a sum from i = 1, which is that of x_1.
      expect(distance(sumFrom(values, 1), grown)).toBeGreaterThan(0.1);
      expect(distance(byFirst, byX(l))).toBeGreaterThan(0.1);
    }
  });
});

test('a relu behind the sums leaves no such sum', async () => {
  await inFloat64(() => {
    const values = trunkOf({ form: 'original' })(none(), L);
    const grown = tf.sub(values.x[L], values.x[1]);
    expect(distance(sumFrom(values, 1), grown)).toBeGreaterThan(0.1);
  });
});
