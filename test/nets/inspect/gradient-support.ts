/** Which points of the input really move an output: where its gradient is not zero, to check receptive fields against. */
import * as tf from '@tensorflow/tfjs-core';
import { model as makeModel } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';

export type Extent = readonly [first: number, last: number];
export type Point = readonly [row: number, column: number];

/** Inputs of random numbers; only one of a window's is its maximum, so that there are several. */
const DRAWS = 6;
/** Their largest, and that of peaks: so small that response norms still grow with what they see. */
const [LARGEST, PEAK] = [1e-3, 0.1];

/**
 * The rows and columns of the smallest rectangle around the points whose planes have a gradient at a point of a layer's map.
 * Weights are to be positive, so that no relu closes.
 * @param size of the input; its first plane is the board where there are two inputs.
 * @param peaks points that are the largest of the input in a draw of their own, so that maxima let their gradients through.
 */
export function gradientSupport(
  model: LayersModel,
  layer: string,
  size: number,
  [row, column]: Point,
  peaks: readonly Point[],
): { rows: Extent; columns: Extent } {
  const part = makeModel({ inputs: model.inputs, outputs: model.getLayer(layer).output });
  const [planeCount, globalCount] = model.inputs.map(({ shape }) => shape.at(-1) as number);
  const count = DRAWS + peaks.length;
  const moved = tf.tidy(() => {
    const drawn = tf.randomUniform([count, size, size, planeCount], 0, LARGEST, 'float32', 1).bufferSync();
    peaks.forEach(([y, x], i) => {
      for (let c = 0; c < planeCount; c++) drawn.set(PEAK, i, y, x, c);
    });
    const gradient = tf.grad((planes: tf.Tensor) => {
      const inputs = globalCount === undefined ? planes : onBoards(planes, globalCount);
      const output = part.apply(inputs) as tf.Tensor4D;
      return tf.sum(tf.slice(output, [0, row, column, 0], [-1, 1, 1, -1]));
    })(drawn.toTensor());
    return tf.max(tf.abs(gradient), [0, 3]).arraySync() as number[][];
  });
  const extent = (seen: readonly boolean[]): Extent => [seen.indexOf(true), seen.lastIndexOf(true)];
  return {
    rows: extent(moved.map((line) => line.some((value) => value > 0))),
    columns: extent(moved[0].map((_, x) => moved.some((line) => line[x] > 0))),
  };
}

/** The planes on boards that fill them, with no globals. */
function onBoards(planes: tf.Tensor, globalCount: number): tf.Tensor[] {
  const [count, height, width] = planes.shape;
  const board = tf.ones([count, height, width, 1]);
  const stones = tf.slice(planes, [0, 0, 0, 1], [-1, -1, -1, -1]);
  return [tf.concat([board, stones], 3), tf.zeros([count, globalCount])];
}
