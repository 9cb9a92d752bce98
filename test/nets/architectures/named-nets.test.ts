/** What every architecture owes whoever picks it by name: any board, the same answer everywhere, a file, a game. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import { alexnetOf } from '#nets/architectures/alexnet.ts';
import { FAMILIES } from '#nets/architectures/families.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { modelFromNet } from '#nets/convert.ts';
import { openEvaluator } from '#nets/evaluator.ts';
import { makeNetFile, parseNetFile, saveNet } from '#nets/file.ts';
import type { WeightArray } from '#nets/file.ts';
import { toOnnx } from '#nets/onnx/export.ts';
import { isImageSpec } from '#nets/spec.ts';
import { playMatch } from '#selfplay/match.ts';
import { openPlayer, randomPlayer } from '#selfplay/open-player.ts';
import { SearchPool } from '#selfplay/search-pool.ts';
import { onBoard, padded } from '../buffers.ts';
import { expectSameOutputs, imageOutputs, modelOutputs, onnxOutputs, randomInputs } from '../net-outputs.ts';
import { randomPosition } from '../random-positions.ts';
import { SMALL_NETS, imageSpecOf, randomNet, specOf } from './small-nets.ts';

const pool = new SearchPool({ cores: 1 });
beforeAll(() => useBackend('cpu'));
afterAll(() => pool.close());

/** That the net of a file says numbers alone, and of two positions not the same. */
async function expectOpinions(path: string): Promise<void> {
  const opened = await openEvaluator(path);
  if (!opened.ok) throw new Error(opened.message);
  const positions = [1, 2].map((seed) => randomPosition(seed, 5, 4));
  const opinions = await evaluateAll(
    opened.evaluator,
    positions.map((position) => ({ position, symmetry: 0 })),
  );
  await opened.evaluator.close();
  for (const { policyLogits, valueToPlay, scoreToPlay, ownershipToPlay } of opinions)
    expect(
      [...policyLogits, valueToPlay, scoreToPlay, ...(ownershipToPlay ?? [NaN])].every(Number.isFinite),
    ).toBe(true);
  // Whatever is added to all logits is no other policy.
  const [one, other] = opinions.map(({ policyLogits }) =>
    policyLogits.map((logit) => logit - policyLogits[0]),
  );
  expect(Math.max(...one.map((logit, move) => Math.abs(logit - other[move])))).toBeGreaterThan(1e-2);
}

test('every family is tried', () => {
  const tried = SMALL_NETS.map((name) => name.replace(/:\d+$/, ''));
  const boards = [...FAMILIES].filter(([, { targets }]) => targets.includes('board'));
  for (const [name] of boards)
    expect(
      tried.some((one) => one === name || one.replace(/-\d+$/, '') === name),
      name,
    ).toBe(true);
});

describe.each(SMALL_NETS)('the net %s', (name) => {
  test('says the same of a board alone and in a larger buffer, in tfjs and in ONNX Runtime', async () => {
    const net = randomNet(specOf(name));
    const alone = randomInputs(net, [[13, 13]], 2);
    const inBuffer = padded(alone, 19);
    const expected = modelOutputs(net, alone);
    expectSameOutputs(onBoard(modelOutputs(net, inBuffer), 19, 13), expected);
    expectSameOutputs(onBoard(await onnxOutputs(net, inBuffer), 19, 13), expected);
    const full = randomInputs(net, [[9, 9]], 3);
    expectSameOutputs(await onnxOutputs(net, full, { fullBoards: true }), modelOutputs(net, full));
  });

  test('is the same net after it was saved and read', async () => {
    const net = randomNet(specOf(name));
    const read = parseNetFile(makeNetFile(net));
    if (!read.ok || isImageSpec(read.net.spec)) throw new Error('not read as a net for boards');
    expect(read.net).toEqual(net);
    const inputs = randomInputs(net, [[9, 9]], 4);
    const reread = { ...read.net, spec: read.net.spec };
    expect(await onnxOutputs(reread, inputs)).toEqual(await onnxOutputs(net, inputs));
  });

  test('has opinions of its own on each position, and plays legal games to their end in a match', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'tengen-named-')), 'net.safetensors');
    saveNet(path, randomNet(specOf(name)));
    await expectOpinions(path);
    const opened = await openPlayer({ kind: 'net', path, visits: 3 }, pool);
    if (!opened.ok) throw new Error(opened.message);
    const games = await playMatch([{ first: opened.player, second: randomPlayer() }], {
      games: 2,
      width: 5,
      height: 4,
      rules: RULE_PRESETS['tromp-taylor'],
      openingPlies: 0,
      seed: 5,
    });
    // An illegal move would have ended its game.
    for (const { end, moves } of games) {
      expect(['passes', 'move-limit', 'resignation']).toContain(end);
      expect(moves.length).toBeGreaterThan(2);
    }
  });
});

const TANH_ALEXNET = { ...alexnetOf('board', 6), activation: 'tanh' } as const;

test.each([
  ['LeNet-5', specOf('lenet-5:2'), 'trunk/f6/bias'],
  ['AlexNet with tanh', { ...specOf('alexnet:6'), trunk: TANH_ALEXNET }, 'trunk/full1/conv/bias'],
])('a map of %s that is negative on the whole board is so in a larger buffer too', async (_, spec, bias) => {
  const net = randomNet(spec);
  (net.weights.get(bias) as WeightArray).values[0] = -10;
  const alone = randomInputs(net, [[13, 13]], 2);
  const inBuffer = padded(alone, 19);
  const expected = modelOutputs(net, alone);
  expectSameOutputs(onBoard(modelOutputs(net, inBuffer), 19, 13), expected);
  expectSameOutputs(onBoard(await onnxOutputs(net, inBuffer), 19, 13), expected);
});

const IMAGE_NETS = [
  ...SMALL_NETS.filter((name) => !name.startsWith('kata')),
  'lenet-5',
  'lenet-5-caffe:4',
  'lenet-300-100:9',
];

test.each(IMAGE_NETS)('the net %s for images says the same in tfjs and in ONNX Runtime', async (name) => {
  const net = randomNet(imageSpecOf(name));
  const { height, width } = net.spec.image;
  const made = modelFromNet(net);
  if (!made.ok) throw new Error(made.message);
  const image: tf.Tensor4D = tf.randomUniform([2, height, width, 1], 0, 1, 'float32', 7);
  const expected = (made.model.predict(image) as tf.Tensor).dataSync();
  made.model.dispose();
  expectSameOutputs(await imageOutputs(toOnnx(net), image), { classes: expected as Float32Array });
});
