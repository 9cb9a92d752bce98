/** What a net says of the same boards through ONNX Runtime and through tfjs, for tests that compare them. */
import * as tf from '@tensorflow/tfjs-core';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { modelFromNet } from '#nets/convert.ts';
import { FEATURE_SETS } from '#nets/features/feature-set.ts';
import type { NetFile } from '#nets/file.ts';
import type { Applied } from '#nets/layers/chance.ts';
import { toOnnx } from '#nets/onnx/export.ts';
import type { OnnxOptions } from '#nets/onnx/export.ts';

/** NCHW planes, plane 0 the board, and globals. */
export type Inputs = {
  readonly planes: Float32Array;
  readonly globals: Float32Array;
  readonly count: number;
  readonly height: number;
  readonly width: number;
};

export type Outputs = Readonly<Record<string, Float32Array>>;

/** Random zeros and ones on boards of these sizes, in the corner of a buffer that holds them all. */
export function randomInputs(
  net: NetFile,
  sizes: readonly (readonly [width: number, height: number])[],
  seed: number,
): Inputs {
  const rng = makeRng(seed);
  const { planes: depth, globals: globalCount } = FEATURE_SETS[net.spec.featureSet];
  const width = Math.max(...sizes.map((size) => size[0]));
  const height = Math.max(...sizes.map((size) => size[1]));
  const planes = new Float32Array(sizes.length * depth * height * width);
  sizes.forEach(([columns, rows], b) => {
    for (let c = 0; c < depth; c++)
      for (let y = 0; y < rows; y++)
        for (let x = 0; x < columns; x++)
          planes[((b * depth + c) * height + y) * width + x] = c === 0 || rng.nextFloat() < 0.2 ? 1 : 0;
  });
  const globals = Float32Array.from({ length: sizes.length * globalCount }, () =>
    rng.nextFloat() < 0.3 ? 1 : 0,
  );
  return { planes, globals, count: sizes.length, height, width };
}

export function onnxOutputs(net: NetFile, inputs: Inputs, options: OnnxOptions = {}): Promise<Outputs> {
  return boardOutputs(toOnnx(net, options), net, inputs);
}

/** Of a net's graph, serialised. */
export function boardOutputs(graph: Uint8Array, net: NetFile, inputs: Inputs): Promise<Outputs> {
  const { planes, globals } = FEATURE_SETS[net.spec.featureSet];
  const { count, height, width } = inputs;
  return graphOutputs(graph, {
    planes: new Tensor('float32', inputs.planes, [count, planes, height, width]),
    globals: new Tensor('float32', inputs.globals, [count, globals]),
  });
}

/** @param image [B, H, W, 1]. */
export function imageOutputs(graph: Uint8Array, image: tf.Tensor4D): Promise<Outputs> {
  const [count, height, width] = image.shape;
  const values = Float32Array.from(image.dataSync());
  return graphOutputs(graph, { image: new Tensor('float32', values, [count, 1, height, width]) });
}

type Tensors = Readonly<Record<string, Tensor>>;

const graphOutputs = async (graph: Uint8Array, feeds: Tensors): Promise<Outputs> =>
  Object.fromEntries(
    Object.entries(await runGraph(graph, feeds)).map(([name, { data }]) => [name, data as Float32Array]),
  );

/** All outputs of a graph by ONNX Runtime, on one thread. */
export async function runGraph(graph: Uint8Array, feeds: Tensors): Promise<Tensors> {
  const session = await InferenceSession.create(graph, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  const outputs = await session.run(feeds);
  await session.release();
  return outputs;
}

/** On tfjs's current backend. */
export function modelOutputs(
  net: NetFile,
  { planes, globals, count, height, width }: Inputs,
  applied: Applied = {},
): Outputs {
  const made = modelFromNet(net);
  if (!made.ok) throw new Error(made.message);
  const depth = planes.length / (count * height * width);
  const outputs = tf.tidy(() => {
    const nhwc = tf.transpose(tf.tensor4d(planes, [count, depth, height, width]), [0, 2, 3, 1]);
    const given = [nhwc, tf.tensor2d(globals, [count, globals.length / count])];
    const tensors = made.model.apply(given, applied);
    return (tensors as tf.Tensor[]).map((tensor) => tensor.dataSync() as Float32Array);
  });
  made.model.dispose();
  const names = ['policy', 'value', 'score', 'ownership', 'stdev'];
  return Object.fromEntries(outputs.map((output, i) => [names[i], output]));
}

/** Every output of `expected` within `tolerance`. */
export function expectSameOutputs(actual: Outputs, expected: Outputs, tolerance = 1e-4): void {
  for (const [name, values] of Object.entries(expected)) {
    expect(actual[name]?.length, name).toBe(values.length);
    const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[name][i])), 0);
    expect(worst, name).toBeLessThan(tolerance);
  }
}
