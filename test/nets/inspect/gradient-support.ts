/** Which points of the input really move an output: where its gradient is not zero, to check receptive fields against. */
import * as tf from '@tensorflow/tfjs-core';
import { model as makeModel } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Random boards, because a relu may hide a point from one of them. */
const BOARDS = 4;

/**
 * The rows and columns of the smallest rectangle around the points whose planes have a gradient at `point` of a layer's
 * map, each as [first, last].
 */
export function gradientSupport(
  model: LayersModel,
  layer: string,
  size: number,
  [row, column]: readonly [number, number],
): { rows: [number, number]; columns: [number, number] } {
  const part = makeModel({ inputs: model.inputs, outputs: model.getLayer(layer).output });
  const moved = tf.tidy(() => {
    const [planeCount, globalCount] = model.inputs.map(({ shape }) => shape.at(-1) as number);
    const board = tf.ones([BOARDS, size, size, 1]);
    const random = tf.randomUniform([BOARDS, size, size, planeCount - 1], -1, 1, 'float32', 1);
    const globals = tf.zeros([BOARDS, globalCount]);
    const gradient = tf.grad((stones: tf.Tensor) => {
      const output = part.apply([tf.concat([board, stones], 3), globals]) as tf.Tensor4D;
      return tf.sum(tf.slice(output, [0, row, column, 0], [-1, 1, 1, -1]));
    })(random);
    return tf.max(tf.abs(gradient), [0, 3]).arraySync() as number[][];
  });
  const extent = (seen: readonly boolean[]): [number, number] => [seen.indexOf(true), seen.lastIndexOf(true)];
  return {
    rows: extent(moved.map((line) => line.some((value) => value > 0))),
    columns: extent(moved[0].map((_, x) => moved.some((line) => line[x] > 0))),
  };
}
