/** The gradients of the layers that the words of architectures come to, against central differences. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayerActivation } from '#nets/architectures/layers.ts';
import { Activate } from '#nets/layers/activation.ts';
import { MaskedBatchNorm } from '#nets/layers/batch-norm.ts';
import { Conv } from '#nets/layers/conv.ts';
import { Dropout } from '#nets/layers/dropout.ts';
import { Join } from '#nets/layers/join.ts';
import { LocalNorm } from '#nets/layers/local-norm.ts';
import { PointMean } from '#nets/layers/pool.ts';
import { Upsample } from '#nets/layers/upsample.ts';
import { WindowPool } from '#nets/layers/window.ts';
import { batchNorm } from '#nets/ops/batch-norm.ts';
import { groupedConv } from '#nets/ops/grouped-conv.ts';
import { expectGradients } from '../central-differences.ts';
import type { Case } from '../central-differences.ts';
import { byWeights, on } from '../layer-cases.ts';

const MAP = [2, 3, 3, 2];
const mask = (): tf.Tensor4D =>
  tf.tensor4d([1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0], [2, 3, 3, 1]);
/** Of windows with a stride of 2 on `mask`. */
const coarse = (): tf.Tensor4D => tf.tensor4d([1, 0, 1, 0, 1, 1, 0, 0], [2, 2, 2, 1]);

const name = 'layer';

const norm =
  (isMasked: boolean) =>
  (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor =>
    batchNorm(
      x as tf.Tensor4D,
      gamma as tf.Tensor1D,
      beta as tf.Tensor1D,
      isMasked ? mask() : null,
      { mean: tf.zeros([2]), variance: tf.ones([2]) },
      { epsilon: 1e-3, share: 0.9, relu: false },
    ).y;

/** Far enough from one another that no step of a difference changes which is the largest. */
const apart = (x: tf.Tensor): tf.Tensor =>
  tf.add(
    x,
    tf.tensor(
      Float32Array.from({ length: x.size }, (_, i) => (7 * i) % x.size),
      x.shape,
    ),
  );

const pooled = (kind: 'max' | 'mean', isMasked: boolean): Case => ({
  inputs: [MAP],
  f: (given) => {
    const x = apart(given);
    const layer = new WindowPool({ name, kind, size: 2, stride: 2, padding: 'same' });
    if (!isMasked) return on(layer, () => [mask(), coarse()], { fullBoards: true })(x);
    return on(layer, () => [mask(), coarse()])(tf.mul(x, mask()));
  },
});

const activated = (activation: LayerActivation): Case => ({
  inputs: [[3, 4]],
  f: on(new Activate({ name, activation })),
});

const CASES: Readonly<Record<string, () => Case>> = {
  'a convolution in groups, by input and filter': () => ({
    inputs: [
      [2, 3, 3, 4],
      [3, 3, 2, 4],
    ],
    f: (x, filter) => groupedConv(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'),
  }),
  'a convolution in groups with a stride': () => ({
    inputs: [
      [1, 4, 5, 4],
      [2, 2, 1, 4],
    ],
    f: (x, filter) =>
      groupedConv(x as tf.Tensor4D, filter as tf.Tensor4D, 2, [
        [0, 0],
        [0, 1],
        [0, 1],
        [0, 0],
      ]),
  }),
  'a convolution layer with a stride, a bias and a table': () => {
    const table = [[0], [0, 1]];
    return byWeights(new Conv({ name, size: 3, filters: 2, seed: 1, stride: 2, bias: true, table }), MAP);
  },
  'batch norm without relu on a masked board, by input, scale and shift': () => ({
    inputs: [MAP, [2], [2]],
    f: norm(true),
  }),
  'batch norm without relu on full boards': () => ({ inputs: [MAP, [2], [2]], f: norm(false) }),
  'batch norm of vectors': () => ({
    inputs: [[4, 2]],
    f: on(new MaskedBatchNorm({ name, relu: false }), () => [mask()], { training: true }),
  }),
  'the largest of windows on a masked board': () => pooled('max', true),
  'the largest of windows on full boards': () => pooled('max', false),
  'the mean of windows on a masked board': () => pooled('mean', true),
  'the mean of windows on full boards': () => pooled('mean', false),
  'the mean over points': () => ({
    inputs: [MAP],
    f: (x) => on(new PointMean({ name }), () => [mask()])(tf.mul(x, mask())),
  }),
  upsampling: () => ({
    inputs: [[1, 2, 2, 2]],
    f: on(new Upsample({ name }), () => [tf.zeros([1, 3, 4, 1])]),
  }),
  'local response normalisation': () => ({
    inputs: [[1, 2, 2, 5]],
    f: on(new LocalNorm({ name, radius: 1, bias: 1, alpha: 0.5, beta: 0.75 })),
  }),
  dropout: () => ({
    inputs: [[3, 4]],
    f: on(new Dropout({ name, rate: 0.5 }), () => [], { training: true, seed: 1 }),
  }),
  'a join that drops paths': () => {
    const join = new Join({ name, dropPath: 0.5, columns: [0, 1, 2], columnCount: 3 });
    const paths = [0, 1, 2].map(() => [2, 3]);
    // tfjs refuses gradients by what nothing is made of, as a dropped path.
    return {
      inputs: paths,
      f: (...xs) => tf.add(on(join, () => [], { training: true, seed: 5 })(...xs), tf.mul(tf.addN(xs), 0)),
    };
  },
  tanh: () => activated('tanh'),
  "LeCun's tanh": () => activated('lecun-tanh'),
  silu: () => activated('silu'),
  mish: () => activated('mish'),
};

await expectGradients(CASES);
