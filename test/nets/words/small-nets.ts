/** Small nets carried out by each interpreter of `Layers`. */
import * as tf from '@tensorflow/tfjs-core';
import { input, model as makeModel } from '@tensorflow/tfjs-layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { Tensor } from 'onnxruntime-node';
import { makeRng } from '#engine/go/random.ts';
import type { Applied } from '#nets/layers/chance.ts';
import { boardLayers, imageLayers } from '#nets/layers/model-layers.ts';
import type { AnyNetFile, WeightArray } from '#nets/file.ts';
import { weightTensors, writeWeights } from '#nets/convert.ts';
import { GraphBuilder } from '#nets/onnx/graph.ts';
import { onnxLayers } from '#nets/onnx/layers.ts';
import { modelBytes } from '#nets/onnx/proto.ts';
import { seeBoards, seeImages } from '#nets/onnx/seen.ts';
import { resnetSpec } from '#nets/spec.ts';
import { shapeLayers } from '#nets/weight-shapes.ts';
import { runGraph } from '../net-outputs.ts';
import type { SmallNet } from './words.ts';

const COUNTS = { planes: 4, globals: 3 };
const IMAGE = { height: 7, width: 10, channels: 4 };
export type Sees = 'boards' | 'images';

export function shapesOf(net: SmallNet, sees: Sees): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const { height, width, channels } = IMAGE;
  net(
    sees === 'images'
      ? shapeLayers(shapes, { channels, size: [height, width] }, null)
      : shapeLayers(
          shapes,
          { channels: COUNTS.planes, size: null },
          { channels: COUNTS.globals, size: null },
        ),
  );
  return shapes;
}

/** Weights far from those that a net begins with; scales and variances positive. */
function randomWeights(shapes: ReadonlyMap<string, readonly number[]>): Map<string, WeightArray> {
  const rng = makeRng(7);
  return new Map(
    [...shapes].map(([name, shape]) => {
      const isPositive = /gamma|scale|variance|norm$/.test(name);
      const length = shape.reduce((size, side) => size * side, 1);
      const values = Float32Array.from({ length }, () => rng.nextFloat() + (isPositive ? 0.5 : -0.5));
      return [name, { shape, values }];
    }),
  );
}

/** Names and shapes of a model's weights. */
export const weightsIn = (model: LayersModel): Map<string, number[]> =>
  new Map([...weightTensors(model)].map(([name, { shape }]) => [name, shape]));

/** @param weights random ones, or those that the net begins with. */
export function modelOf(net: SmallNet, sees: Sees, weights: 'random' | 'initial' = 'random'): LayersModel {
  const { height, width, channels } = IMAGE;
  let model: LayersModel;
  if (sees === 'images') {
    const image = input({ shape: [height, width, channels] });
    model = makeModel({ inputs: image, outputs: net(imageLayers(image, 1)).tensor });
  } else {
    const planes = input({ shape: [null, null, COUNTS.planes] });
    const globals = input({ shape: [COUNTS.globals] });
    model = makeModel({ inputs: [planes, globals], outputs: net(boardLayers(planes, globals, 1)).tensor });
  }
  if (weights === 'random') writeWeights(model, randomWeights(shapesOf(net, sees)));
  return model;
}

/** NHWC planes of random values on boards in the corner of a buffer, plane 0 the board; NHWC images where they fill it. */
export type Given = { readonly planes: tf.Tensor4D; readonly globals: tf.Tensor2D };

/** Of two boards of `size`, the same whatever the buffer. */
export const boardsIn = (buffer: number, size: number, seed = 3): Given =>
  boardsOf(buffer, [size, size], seed);

const GLOBALS = [
  [0.3, -0.2, 0.9],
  [-1, 0.5, 0.1],
];

/** Of one or two boards of these sizes; the first is the same whatever follows, and whatever the buffer. */
export function boardsOf(buffer: number, sizes: readonly number[], seed = 3): Given {
  const rng = makeRng(seed);
  const { planes: count } = COUNTS;
  const values = new Float32Array(sizes.length * buffer * buffer * count);
  sizes.forEach((size, b) => {
    for (let y = 0; y < size; y++)
      for (let x = 0; x < size; x++)
        for (let c = 0; c < count; c++) {
          const value = rng.nextFloat() * 2 - 1;
          values[((b * buffer + y) * buffer + x) * count + c] = c === 0 ? 1 : value;
        }
  });
  return {
    planes: tf.tensor4d(values, [sizes.length, buffer, buffer, count]),
    globals: tf.tensor2d(GLOBALS.slice(0, sizes.length)),
  };
}

export function randomImages(): Given {
  const { height, width, channels } = IMAGE;
  return {
    planes: tf.randomUniform([2, height, width, channels], -1, 1, 'float32', 5),
    globals: tf.zeros([2, 0]),
  };
}

export function apply(
  model: LayersModel,
  { planes, globals }: Given,
  sees: Sees,
  step: Applied & { fullBoards?: boolean } = {},
): tf.Tensor {
  return model.apply(sees === 'images' ? planes : [planes, globals], step) as tf.Tensor;
}

/** The graph of a net with the weights of `modelOf`. */
export function onnxOf(net: SmallNet, sees: Sees, fullBoards = false): Uint8Array {
  const builder = new GraphBuilder();
  const seen = sees === 'images' ? seeImages(builder, IMAGE) : seeBoards(builder, COUNTS, fullBoards);
  const weights = randomWeights(shapesOf(net, sees));
  const file: AnyNetFile = { spec: resnetSpec(1, 4), weights, provenance: {} };
  const output = net(onnxLayers(file, builder, seen, false));
  builder.op('Identity', [output.boards.asMap(output)], [], 'output');
  builder.graph.outputs.push({
    name: 'output',
    shape: output.layout === 'vector' ? ['B', 'C'] : ['B', 'C', 'h', 'w'],
  });
  return modelBytes(builder.graph);
}

/** What ONNX Runtime says, channels last. */
export async function runOnnx(graph: Uint8Array, { planes, globals }: Given, sees: Sees): Promise<tf.Tensor> {
  const first = tf.transpose(planes, [0, 3, 1, 2]);
  const map = new Tensor('float32', first.dataSync(), first.shape);
  const inputs: Record<string, Tensor> =
    sees === 'images'
      ? { image: map }
      : { planes: map, globals: new Tensor('float32', globals.dataSync(), globals.shape) };
  const { output } = await runGraph(graph, inputs);
  const result = tf.tensor(output.data as Float32Array, [...output.dims]);
  return result.rank === 4 ? tf.transpose(result, [0, 2, 3, 1]) : result;
}

export function worstDifference(a: tf.Tensor, b: tf.Tensor): number {
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0];
}
