/** Learning images: small ones that can be told apart are, a stopped run ends as one that was not, and nets are measured. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { modelFromNet } from '#nets/convert.ts';
import { loadAnyNet } from '#nets/file.ts';
import { isImageSpec } from '#nets/spec.ts';
import { bagged } from '#training/bag.ts';
import { SupervisedConfig } from '#training/config.ts';
import type { ImageData } from '#training/config.ts';
import { DataReader } from '#training/data-reader.ts';
import { asItPlays, evaluateOnImages, inViews, withDropout } from '#training/images/evaluate.ts';
import type { AskedNet, ImageAccuracy } from '#training/images/evaluate.ts';
import { imageTask } from '#training/images/image-task.ts';
import { classCount, readImageSet, select, writeImageSet } from '#training/images/image-set.ts';
import type { ImageSet } from '#training/images/image-set.ts';
import type { View } from '#training/images/views.ts';
import type { Lesson } from '#training/lesson.ts';
import { openTask, testExamples } from '#training/open-task.ts';
import { RunFolder } from '#training/run-folder.ts';
import type { Examples, Task } from '#training/task.ts';
import { trainSupervised } from '#training/trainer.ts';
import { imageSpec } from '#training/spec-of-config.ts';

beforeAll(() => useBackend('wasm'));

/** Noise with a bright quarter, whose place is the class. */
function quarters(count: number, seed: number): ImageSet {
  const rng = makeRng(seed);
  const labels = Uint8Array.from({ length: count }, () => rng.nextInt(4));
  const pixels = Uint8Array.from({ length: count * 64 }, (_, i) => {
    const [label, x, y] = [labels[Math.floor(i / 64)], i % 8, Math.floor(i / 8) % 8];
    return rng.nextInt(100) + ((x >> 2) + 2 * (y >> 2) === label ? 150 : 0);
  });
  return { height: 8, width: 8, channels: 1, pixels, labels };
}

test('images of one group are held out together', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
  const images = quarters(300, 3);
  const groups = Uint8Array.from({ length: 4 * 300 }, (_, i) => (i % 4 === 3 ? Math.floor(i / 40) : 0));
  const held = (set: ImageSet): [train: number, validation: number] => {
    writeImageSet(folder, 'train', set);
    const data = { kind: 'images', folder };
    const opened = openTask(
      SupervisedConfig.parse({ data, net: '1x4', steps: 1, holdOut: 0.3 }),
      new DataReader(),
    );
    if (!opened.ok) throw new Error(opened.message);
    return [opened.task.examples.count, opened.task.validation.count];
  };
  expect(held(images).map((count) => count % 10)).not.toEqual([0, 0]);
  const [train, validation] = held({ ...images, groups });
  expect([train % 10, validation % 10, train + validation]).toEqual([0, 0, 300]);
  expect(validation).toBeGreaterThan(0);
});

test('only square images are turned by quarters', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
  writeImageSet(folder, 'train', { ...quarters(8, 1), height: 4, width: 16 });
  const open = (quarterTurns: number): ReturnType<typeof openTask> => {
    const data = { kind: 'images', folder, augment: { quarterTurns } };
    return openTask(SupervisedConfig.parse({ data, net: '1x4', steps: 1 }), new DataReader());
  };
  expect(open(0).ok).toBe(true);
  expect(open(0.5)).toEqual({
    ok: false,
    isOfConfig: true,
    message: `field data.augment.quarterTurns: the images of ${folder} are 4 x 16, and only squares are turned by quarters; leave it out`,
  });
});

test.each<[string, Pick<ImageSet, 'height' | 'width' | 'channels'>, number, string]>([
  [
    'of one class',
    { height: 2, width: 2, channels: 1 },
    0,
    'all its images are of class 0, and nets tell two or more apart',
  ],
  [
    'too wide',
    { height: 1, width: 513, channels: 1 },
    1,
    'its images are 1 x 513 x 1, and nets take 512 x 512 x 16 at most',
  ],
  [
    'too deep',
    { height: 1, width: 1, channels: 17 },
    1,
    'its images are 1 x 1 x 17, and nets take 512 x 512 x 16 at most',
  ],
])('images %s are refused by their folder', (_, sides, label, message) => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
  const { height, width, channels } = sides;
  const pixels = new Uint8Array(2 * height * width * channels);
  writeImageSet(folder, 'train', { ...sides, pixels, labels: Uint8Array.of(0, label) });
  const config = SupervisedConfig.parse({ data: { kind: 'images', folder }, net: '1x4', steps: 1 });
  expect(openTask(config, new DataReader())).toEqual({ ok: false, message: `${folder}: ${message}` });
});

type Run = { readonly config: SupervisedConfig; readonly folder: RunFolder; readonly images: ImageSet };

/** A run of a net of this name, on 300 quarters unless it is told otherwise. */
function runOf(net: string, asked: object, images = quarters(300, 1)): Run {
  const folder = new RunFolder(mkdtempSync(join(tmpdir(), 'tengen-')));
  const data = { kind: 'images', folder: 'x' };
  return { config: SupervisedConfig.parse({ data, net, batch: 32, holdOut: 0.2, ...asked }), folder, images };
}

function taskOf({ config, images }: Run): Task {
  const { height, width, channels } = images;
  const named = imageSpec(config, { height, width, channels }, classCount(images));
  if (!named.ok) throw new Error(named.message);
  return imageTask(config, config.data as ImageData, named.spec, images);
}

async function train(run: Run, stopAfter = Infinity): Promise<void> {
  const { config, folder } = run;
  let steps = 0;
  const result = await trainSupervised({
    config,
    task: taskOf(run),
    folder,
    now: () => 0,
    onStatus: () => undefined,
    shouldStop: () => ++steps >= stopAfter,
  });
  if (!result.ok) throw new Error(result.message);
}

function netOf({ folder }: Run): Pick<AskedNet, 'spec'> & { model: LayersModel } {
  const loaded = loadAnyNet(folder.file('net.safetensors'));
  const made = loaded.ok ? modelFromNet(loaded.net) : loaded;
  if (!loaded.ok || !made.ok || !isImageSpec(loaded.net.spec)) throw new Error('a net for images is needed');
  return { spec: loaded.net.spec, model: made.model };
}

async function measure(run: Run, test: ImageSet): Promise<ImageAccuracy> {
  const { spec, model } = netOf(run);
  const accuracy = await evaluateOnImages([{ spec, ways: asItPlays(model) }], test);
  model.dispose();
  return accuracy;
}

const SHORT = { steps: 60, every: 30, learner: { warmup: 5, labelSmoothing: 0.05 } };

test('patience needs an image to be measured on', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
  writeImageSet(folder, 'train', quarters(8, 1));
  const open = (holdOut: number): ReturnType<typeof openTask> => {
    const data = { kind: 'images', folder };
    return openTask(
      SupervisedConfig.parse({ data, net: '1x4', steps: 1, patience: 1, holdOut }),
      new DataReader(),
    );
  };
  expect(open(0.4).ok).toBe(true);
  expect(open(1e-6)).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^field patience: none of the examples is held out/),
  });
});

test('test images of a class that the net does not know are refused', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
  const images = quarters(40, 1);
  const two = [...images.labels.keys()].filter((i) => images.labels[i] < 2);
  writeImageSet(folder, 'train', select(images, two));
  writeImageSet(folder, 'test', images);
  const reader = new DataReader();
  const config = SupervisedConfig.parse({ data: { kind: 'images', folder }, net: '1x4', steps: 1 });
  const opened = openTask(config, reader);
  if (!opened.ok) throw new Error(opened.message);
  expect(testExamples(config, opened.task, reader)).toEqual({
    ok: false,
    message: expect.stringMatching(
      /: its test images do not go with the net: it knows 2 classes, and an image is of class [23]; see data\.classes$/,
    ),
  });
});

/** The pixels of each image of a lesson, which is disposed. */
function picturesOf(lesson: Lesson): string[] {
  const pictures = tf.tidy(() => tf.unstack(lesson.inputs.image).map((image) => image.dataSync().join()));
  lesson.dispose();
  return pictures;
}

test('with a bag a net learns from draws of the images by its seed, and those held out stay as they are', async () => {
  const taskWith = (bag: number | null): Task => taskOf(runOf('1x4', { steps: 1, bag }));
  const all = (of: Examples): string[] => picturesOf(of.lesson([...Array(of.count).keys()]));
  const [whole, task] = [taskWith(null), taskWith(5)];
  const drawn = all(task.examples);
  expect(drawn).toEqual(bagged(all(whole.examples), 5));
  expect(new Set(drawn).size).toBeLessThan(drawn.length);
  expect(all(task.validation)).toEqual(all(whole.validation));
  const lessonOf = await task.lessons();
  for (const step of [0, 1, 2]) expect(drawn).toEqual(expect.arrayContaining(picturesOf(lessonOf(step))));
});

test('what can be told apart is told apart, on images that were not seen', async () => {
  const run = runOf('lenet-300-100:30', {
    ...SHORT,
    data: { kind: 'images', folder: 'x', augment: { noise: 0.1 } },
  });
  await train(run);
  const { images, errors, error95, nll } = await measure(run, quarters(200, 2));
  expect(images).toBe(200);
  expect(errors).toBeLessThan(10);
  expect(error95.low).toBeLessThanOrEqual(errors / 200);
  expect(error95.high).toBeGreaterThan(errors / 200);
  expect(nll).toBeLessThan(0.6);
  expect(run.folder.metrics().at(-1)?.heldOutAccuracy).toBeGreaterThan(0.9);
});

test('a stopped run goes on to the same bytes, augmentation and dropout included', async () => {
  const asked = {
    ...SHORT,
    steps: 6,
    data: { kind: 'images', folder: 'x', augment: { shift: 1, flip: 0.5 } },
  };
  const images = quarters(40, 1);
  const [straight, stopped] = [runOf('vgg-11:2', asked, images), runOf('vgg-11:2', asked, images)];
  await train(straight);
  await train(stopped, 2);
  await train(stopped);
  const [one, other] = [straight, stopped].map(({ folder }) => loadAnyNet(folder.file('net.safetensors')));
  expect(other).toEqual(one);
});

test('the mean of several nets is measured, and forecasts no worse than they do on average', async () => {
  const runs = [1, 2].map((seed) => runOf('lenet-300-100:9', { ...SHORT, steps: 15, seed }));
  for (const run of runs) await train(run);
  const nets = runs.map((run) => netOf(run));
  const asked = nets.map(({ spec, model }) => ({ spec, ways: asItPlays(model) }));
  const images = quarters(100, 3);
  const [together, ...alone] = [
    await evaluateOnImages(asked, images),
    ...(await Promise.all(asked.map((net) => evaluateOnImages([net], images)))),
  ];
  expect(together.memberNll).toBeCloseTo((alone[0].nll + alone[1].nll) / 2, 5);
  expect(together.nll).toBeLessThan(together.memberNll);
  expect(together.disagreement).toBeGreaterThan(0);
  for (const { disagreement } of alone) expect(disagreement).toBe(0);
  for (const { model } of nets) model.dispose();
});

test('an image is forecast by the mean of its views', async () => {
  const run = runOf('lenet-300-100:9', { ...SHORT, steps: 15 });
  await train(run);
  const { spec, model } = netOf(run);
  const images = quarters(100, 3);
  const measureIn = (...views: View[]): Promise<ImageAccuracy> =>
    evaluateOnImages([{ spec, ways: inViews(model, views) }], images);
  const plain: View = { down: 0, right: 0, mirrored: false };
  const corner: View = { ...plain, down: -1, right: -1 };
  const [one, other, both] = [
    await measureIn(plain),
    await measureIn(corner),
    await measureIn(plain, corner),
  ];
  expect(one).toEqual(await evaluateOnImages([{ spec, ways: asItPlays(model) }], images));
  expect(both.memberNll).toBeCloseTo((one.nll + other.nll) / 2, 5);
  expect(both.nll).toBeLessThan(both.memberNll);
  model.dispose();
});

test('draws of dropout differ, batch by batch too, and are the same for the same seed', async () => {
  const run = runOf('vgg-11:2', { steps: 2 }, quarters(40, 1));
  await train(run);
  const { spec, model } = netOf(run);
  const image = tf.randomUniform([1, spec.image.height, spec.image.width, 1], 0, 1, 'float32', 1);
  const probabilities = (ways: AskedNet['ways'], batch = 0): number[] =>
    tf.tidy(() => {
      const all = ways.map((way) => tf.softmax(way(image as tf.Tensor4D, batch)));
      return [...tf.mean(tf.stack(all), 0).dataSync()];
    });
  const [one, other] = withDropout(model, 2).map((way) => probabilities([way]));
  expect(one).not.toEqual(other);
  expect(probabilities([withDropout(model, 2)[0]])).toEqual(one);
  expect(probabilities([withDropout(model, 2)[0]], 1)).not.toEqual(one);
  image.dispose();
  model.dispose();
});

const mnist = fileURLToPath(new URL('../../../../shared/data/mnist/', import.meta.url));

test.skipIf(!existsSync(mnist))(
  'LeNet-5 learns handwritten digits from 2,000 of them (skipped where ../shared/data/mnist is not here)',
  async () => {
    const [read, tests] = [readImageSet(mnist, 'train'), readImageSet(mnist, 'test')];
    if (!read.ok || !tests.ok) throw new Error('MNIST is needed');
    const first = (images: ImageSet, count: number): ImageSet =>
      select(
        images,
        Array.from({ length: count }, (_, i) => i),
      );
    const asked = { ...SHORT, steps: 80, every: 80, holdOut: 0 };
    const run = runOf('lenet-5', asked, first(read.images, 2000));
    await train(run);
    expect(netOf(run).spec.image).toEqual({ height: 32, width: 32, channels: 1 });
    expect((await measure(run, first(tests.images, 500))).error).toBeLessThan(0.2);
  },
);
