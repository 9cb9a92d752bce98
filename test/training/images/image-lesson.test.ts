/** Images as a lesson for a net with auxiliary heads, as GoogLeNet has them: what they add to its loss, and that they do not leave training. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { netFromModel } from '#nets/convert.ts';
import { buildModel } from '#nets/model.ts';
import { toOnnx } from '#nets/onnx/export.ts';
import { Optimizer } from '#nets/optimizers/optimizer.ts';
import { nesterov } from '#nets/optimizers/rules.ts';
import { playedSpec } from '#nets/spec.ts';
import { imageLesson } from '#training/images/image-lesson.ts';
import { imageSpecOf } from '../../nets/architectures/small-nets.ts';
import { expectSameOutputs, imageOutputs } from '../../nets/net-outputs.ts';

const SPEC = imageSpecOf('inception:4');
const { height, width, channels } = SPEC.image;
const SMOOTHING = 0.1;
const LABELS = [3, 0, 9, 3];
const COUNT = LABELS.length;

let model: LayersModel;
beforeAll(async () => {
  await useBackend('wasm');
  model = buildModel(SPEC, 1);
});
afterAll(() => model.dispose());

const pixels = (): tf.Tensor4D => tf.randomUniform([COUNT, height, width, channels], 0, 1, 'float32', 2);
const classes = (): tf.Tensor2D =>
  tf.tensor2d(LABELS.map((label) => Array.from({ length: 10 }, (_, k) => (k === label ? 1 : 0))));

/** -mean over the images of sum(target log softmax(logits)), from the definition. */
function crossEntropyOf(logits: tf.Tensor, target: readonly (readonly number[])[]): number {
  const rows = logits.arraySync() as number[][];
  const losses = rows.map((row, i) => {
    const logSum = Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
    return row.reduce((sum, logit, k) => sum - target[i][k] * (logit - logSum), 0);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / rows.length;
}

test('the total loss is that of the classes and 0.3 of that of each of two auxiliary heads; measured are the classes alone', () => {
  expect(model.outputNames).toEqual(['head/classes', 'aux1/classes', 'aux2/classes']);
  tf.tidy(() => {
    const batch = { pixels: pixels(), classes: classes() };
    const lesson = imageLesson(batch, SMOOTHING);
    const sure = batch.classes.arraySync();
    const target = sure.map((row) => row.map((one) => (1 - SMOOTHING) * one + SMOOTHING / 10));
    const outputs = model.apply(batch.pixels, { training: true }) as tf.Tensor[];
    const [real, aux1, aux2] = outputs.map((logits) => crossEntropyOf(logits, target));
    const trained = lesson.losses(model, 1);
    expect(trained.classes.dataSync()[0]).toBeCloseTo(real, 4);
    expect(trained.auxiliary.dataSync()[0]).toBeCloseTo(aux1 + aux2, 4);
    expect(trained.total.dataSync()[0]).toBeCloseTo(real + 0.3 * aux1 + 0.3 * aux2, 4);

    const [played] = model.predict(batch.pixels) as tf.Tensor[];
    const measured = lesson.measures(model);
    expect(Object.keys(measured).toSorted()).toEqual(['accuracy', 'classes']);
    expect(measured.classes.dataSync()[0]).toBeCloseTo(crossEntropyOf(played, sure), 4);
  });
});

test('a step moves the auxiliary heads, and the graph that is exported has none and says what the classes of the model are', async () => {
  const auxiliary = (): number[][] =>
    model.trainableWeights
      .filter(({ originalName }) => originalName.startsWith('aux'))
      .map((weight) => [...weight.read().dataSync()]);
  const before = auxiliary();
  const lesson = imageLesson({ pixels: pixels(), classes: classes() }, SMOOTHING);
  const optimizer = new Optimizer(model, nesterov(0.9));
  for (let step = 1; step <= 3; step++) {
    const made = optimizer.minimize(() => lesson.losses(model, step).total, 0.02);
    tf.dispose([made.loss, made.gradientNorm]);
  }
  optimizer.dispose();
  expect(before).toHaveLength(4);
  auxiliary().forEach((values, i) => expect(values).not.toEqual(before[i]));

  const trained = await netFromModel(model, SPEC, {});
  const graph = toOnnx(trained);
  const kept = new Map([...trained.weights].filter(([name]) => !name.startsWith('aux')));
  expect(kept.size).toBe(trained.weights.size - 4);
  expect(toOnnx({ spec: playedSpec(SPEC), weights: kept, provenance: {} })).toEqual(graph);
  const image = lesson.inputs.image as tf.Tensor4D;
  const [expected] = model.predict(image) as tf.Tensor[];
  const outputs = await imageOutputs(graph, image);
  expect(Object.keys(outputs)).toEqual(['classes']);
  expectSameOutputs(outputs, { classes: expected.dataSync() as Float32Array });
  lesson.dispose();
});
