/** Surfaces: right where they are known, the net's own loss in the middle, the same bytes after an interruption. */
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { modelFromNet, weightsOf } from '#nets/convert.ts';
import { makeEvaluator } from '#nets/evaluator.ts';
import type { AnyNetFile, NetFile } from '#nets/file.ts';
import { resnetSpec } from '#nets/spec.ts';
import { evaluateOnGames } from '#training/evaluate.ts';
import { asItPlays, evaluateOnImages } from '#training/images/evaluate.ts';
import type { ImageSet } from '#training/images/image-set.ts';
import { recordPositions } from '#training/record-positions.ts';
import { WRITTEN } from '#training/run-names.ts';
import { boardExam } from '#training/surface/board-exam.ts';
import { computePoints } from '#training/surface/compute.ts';
import type { Examinee } from '#training/surface/compute.ts';
import type { SurfaceConfig } from '#training/surface/config.ts';
import { randomDirection } from '#training/surface/directions.ts';
import { Exam } from '#training/surface/exam.ts';
import { coordinates } from '#training/surface/grid.ts';
import { imageExam } from '#training/surface/image-exam.ts';
import { reportSurfaces } from '#training/surface/report.ts';
import { summaryOf, surfacesOf } from '#training/surface/surface.ts';
import { SurfaceFolder } from '#training/surface/surface-folder.ts';
import type { Point } from '#training/surface/surface-folder.ts';
import { WeightPlane } from '#training/surface/weight-plane.ts';
import { imageSpecOf, randomNet, specOf } from '../../nets/architectures/small-nets.ts';
import { gpool, ordinary, randomKataGoNet } from '../../nets/katago/random-nets.ts';
import { randomGame } from '../games.ts';

beforeAll(() => useBackend('wasm'));

const HASH = '0'.repeat(64);

const records = [5, 7, 5].map((size, seed) => randomGame(seed, size, 12));
// Without a result: its positions ask for moves alone.
records.push(randomGame(9, 5, 12).replace(/RE\[[^\]]*\]/, ''));
const files = [{ path: 'games.sgfs', records }];
const asked = recordPositions(files, { holdOut: 1, examples: 1000, skipped: new Map() });

function modelOf(net: AnyNetFile): ReturnType<typeof sequential> {
  const made = modelFromNet(net);
  if (!made.ok) throw new Error(made.message);
  return made.model as ReturnType<typeof sequential>;
}

test('the surface of a linear net under squared error is the quadratic that it is', async () => {
  const model = sequential({
    layers: [layers.dense({ name: 'linear', units: 1, inputShape: [3], useBias: false })],
  });
  const theta = Float32Array.of(0.5, -1, 2);
  model.setWeights([tf.tensor2d(theta, [3, 1])]);
  const [inputs, wanted] = [
    [
      [1, 2, 3],
      [-1, 0.5, 2],
      [0, -2, 1],
    ],
    [1, -2, 0.25],
  ];
  const [x, y] = [tf.tensor2d(inputs), tf.tensor2d(wanted, [3, 1])];
  const exam = new Exam(
    [
      [0, 2],
      [2, 1],
    ].map(([from, count]) => {
      const tensors = [x, y].map((of) => tf.slice(of, [from, 0], [count, of.shape[1]]));
      return {
        tensors,
        counts: { square: count },
        losses: (it) => ({
          square: tf.losses.meanSquaredError(tensors[1], it.apply(tensors[0]) as tf.Tensor),
        }),
      };
    }),
  );
  const weights = await weightsOf(model);
  const rng = makeRng(3);
  const net = { spec: resnetSpec(1, 4), weights };
  const [delta, eta] = [randomDirection(net, rng), randomDirection(net, rng)];
  const [[d], [e]] = [delta, eta].map((direction) => [...direction.values()].map(({ values }) => values));
  const plane = new WeightPlane(model, delta, eta);
  for (const alpha of coordinates({ side: 5, range: 1 }))
    for (const beta of coordinates({ side: 5, range: 1 })) {
      plane.moveTo(alpha, beta);
      const errors = inputs.map(
        (row, i) =>
          row.reduce((sum, value, k) => sum + value * (theta[k] + alpha * d[k] + beta * e[k]), 0) - wanted[i],
      );
      const square = errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length;
      expect((await exam.losses(model)).square / square).toBeCloseTo(1, 4);
    }
});

test.each([
  ['of ours', randomNet(specOf('resnet-8:4'))],
  ["of KataGo's", randomKataGoNet(8, [ordinary('relu'), gpool('relu')], 'relu')],
])(
  'in the middle is what `net eval` measures of a net %s, on boards of all sizes',
  async (_, net: NetFile) => {
    const evaluator = await makeEvaluator(net);
    const measured = await evaluateOnGames([evaluator], files, { holdOut: 1, skipped: new Map() });
    await evaluator.close();
    expect(asked).toHaveLength(measured.positions);
    const [model, exam] = [modelOf(net), boardExam(net.spec, asked)];
    const { policy, value } = await exam.losses(model);
    expect(policy).toBeCloseTo(measured.policy.nll, 4);
    expect(value).toBeCloseTo(measured.valueMse, 4);
    expect(exam.examples).toBe(measured.positions);
  },
);

test('of images it is the cross-entropy of their classes', async () => {
  const rng = makeRng(5);
  const count = 300;
  const images: ImageSet = {
    height: 28,
    width: 28,
    channels: 1,
    pixels: Uint8Array.from({ length: count * 28 * 28 }, () => rng.nextInt(256)),
    labels: Uint8Array.from({ length: count }, () => rng.nextInt(10)),
  };
  const net = randomNet(imageSpecOf('lenet-300-100:12'));
  const model = modelOf(net);
  const { nll } = await evaluateOnImages([{ spec: net.spec, ways: asItPlays(model) }], images);
  expect((await imageExam(net.spec, images, 1e6).losses(model)).classes).toBeCloseTo(nll, 4);
  expect(imageExam(net.spec, images, 40).examples).toBe(40);
});

test('only kernels move, batch norms keep their statistics, and afterwards all is as before', async () => {
  const net = randomNet(specOf('resnet-8:4'));
  const exam = boardExam(net.spec, asked);
  const model = modelOf(net);
  const before = await exam.losses(model);
  const tensors = tf.memory().numTensors;
  const rng = makeRng(1);
  const [delta, eta] = [1, 2].map(() => randomDirection(net, rng));
  const plane = new WeightPlane(model, delta, eta);
  plane.moveTo(0.7, -0.3);
  expect(await exam.losses(model)).not.toEqual(before);
  for (const [name, weight] of await weightsOf(model))
    if (weight.shape.length === 1) expect(weight, name).toEqual(net.weights.get(name));
    else expect(weight, name).not.toEqual(net.weights.get(name));
  plane.moveTo(0, 0);
  expect(await exam.losses(model)).toEqual(before);
  plane.moveTo(1, 1);
  plane.dispose();
  expect(await weightsOf(model)).toEqual(net.weights);
  expect(tf.memory().numTensors).toBe(tensors);
});

test('what is not finite, and what has no loss at all, is null, and the sum with it', () => {
  const config = {
    nets: [{ path: 'net', sha256: HASH, examplesSha256: HASH }],
    examples: 1,
    side: 2,
    range: 1,
    seed: 1,
  };
  const point = (row: number, column: number, losses: Record<string, number | null>): Point => ({
    net: 0,
    row,
    column,
    losses,
  });
  const points = [
    point(1, 1, { policy: 0.5, value: 0.25 }),
    point(0, 1, { policy: null, value: 3 }),
    point(1, 0, {}),
  ];
  expect(surfacesOf(config, [...points, point(0, 0, { policy: 1, value: 2 })])).toEqual([
    {
      net: 'net',
      losses: {
        policy: [
          [1, null],
          [null, 0.5],
        ],
        value: [
          [2, 3],
          [null, 0.25],
        ],
        total: [
          [3, null],
          [null, 0.75],
        ],
      },
    },
  ]);
});

test('a net without any finite loss has a surface and no summary', () => {
  const [surface] = surfacesOf(
    { nets: [{ path: 'net', sha256: HASH, examplesSha256: HASH }], examples: 1, side: 3, range: 1, seed: 1 },
    [{ net: 0, row: 1, column: 1, losses: {} }],
  );
  expect(summaryOf(surface)).toEqual({
    net: 'net',
    atNet: { total: null },
    lowest: null,
    median: null,
    highest: null,
  });
});

/** Two nets on a grid of 3 x 3. @param stopAfter points, one run after another until all are there. */
async function conduct(seed: number, stopAfter: number): Promise<Record<string, string>> {
  const path = mkdtempSync(join(tmpdir(), 'tengen-surface-'));
  const examinees = ['plain-8:4', 'resnet-8:4'].map((name): Examinee => {
    const net = randomNet(specOf(name));
    return { path: name, net, exam: boardExam(net.spec, asked.slice(0, 6)) };
  });
  const nets = await Promise.all(
    examinees.map(async ({ path: name, exam }) => ({
      path: name,
      sha256: HASH,
      examplesSha256: await exam.digest(),
    })),
  );
  const config: SurfaceConfig = { nets, examples: 6, side: 3, range: 1, seed };
  let folder: SurfaceFolder;
  let isFinished: boolean;
  do {
    let points = 0;
    folder = new SurfaceFolder(path);
    expect(folder.open(config)).toBeNull();
    isFinished = await computePoints(examinees, {
      ...config,
      folder,
      onProgress: () => undefined,
      shouldStop: () => ++points === stopAfter,
    });
    // As a crash would leave it.
    if (!isFinished) appendFileSync(join(path, 'points.jsonl'), '{"net":0,"ro');
  } while (!isFinished);
  reportSurfaces(folder, config);
  expect(readdirSync(path).filter((name) => !WRITTEN['.'](name))).toEqual([]);
  const names = ['points.jsonl', 'surface.json', 'surface.svg'];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(path, name), 'utf8')]));
}

test('a surface that is stopped again and again ends in the same bytes, which the seed decides', async () => {
  const whole = await conduct(1, Infinity);
  expect(await conduct(1, 5)).toEqual(whole);
  expect((await conduct(2, Infinity))['surface.json']).not.toEqual(whole['surface.json']);
  const { surfaces } = JSON.parse(whole['surface.json']);
  expect(surfaces).toMatchObject([{ net: 'plain-8:4' }, { net: 'resnet-8:4' }]);
  const { policy, value, total } = surfaces[0].losses;
  expect(total[1][2]).toBe(policy[1][2] + value[1][2]);
});

test('a folder with the traces of a surface whose config is gone is left as it is', () => {
  const path = mkdtempSync(join(tmpdir(), 'tengen-'));
  writeFileSync(join(path, 'surface.svg'), 'a picture');
  const config: SurfaceConfig = { nets: [], examples: 6, side: 3, range: 1, seed: 1 };
  expect(new SurfaceFolder(path).open(config)).toBe(
    `${join(path, 'config.json')}: it is missing, though surface.svg is there; put it back, or choose a new --out`,
  );
});
