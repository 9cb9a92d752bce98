/** Which positions a sampler draws: what a net expects of each of them, and how often each then comes up. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { namedImageSpec } from '#nets/architectures/named.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { batchOutputs, disposeBatch } from '#nets/batch.ts';
import { modelFromNet, netFromModel } from '#nets/convert.ts';
import { OWN_FEATURES } from '#nets/features/feature-set.ts';
import { saveNet } from '#nets/file.ts';
import type { AnyNetFile, NetFile } from '#nets/file.ts';
import { buildModel } from '#nets/model.ts';
import { resnetSpec } from '#nets/spec.ts';
import type { AnySpec } from '#nets/spec.ts';
import { BoardAugment } from '#training/augment/board-augment.ts';
import { SupervisedConfig } from '#training/config.ts';
import { DataReader } from '#training/data-reader.ts';
import { buildDataset } from '#training/dataset.ts';
import { entropy } from '#training/entropy.ts';
import { makeBatch } from '#training/example.ts';
import { expectedSurprise } from '#training/expected-surprise.ts';
import { openTask } from '#training/open-task.ts';
import { Sampler, exampleOf } from '#training/sampler.ts';
import type { GameSurprise } from '#training/sampler.ts';
import { surpriseOf } from '#training/surprising-draw.ts';
import { randomGame } from './games.ts';

beforeAll(() => useBackend('wasm'));

const records = [randomGame(1, 5, 8), randomGame(2, 5, 3), randomGame(3, 5, 150)];
const { train } = buildDataset([{ path: 'x', records }], {
  features: OWN_FEATURES,
  holdOut: 0,
  trainShare: 1,
});
const [ten, five, long] = train;

/** An untrained net. @param scale of its weights. */
async function untrained<Spec extends AnySpec>(spec: Spec, scale = 1): Promise<NetFile<Spec>> {
  const model = buildModel(spec, 1);
  const net = await netFromModel(model, spec, {});
  model.dispose();
  const weights = Array.from(net.weights, ([name, { shape, values }]) => {
    return [name, { shape, values: values.map((value) => scale * value) }] as const;
  });
  return { ...net, weights: new Map(weights) };
}

const DRAWS = 20_000;

/** How often each position of two games, of 10 and of 5 positions, is drawn. */
function shares(surprise?: GameSurprise): number[] {
  const sampler = new Sampler([ten, five], surprise);
  const counts = Array.from({ length: 15 }, () => 0);
  const augment = BoardAugment.parse({});
  for (const { positions, index } of sampler.draw(DRAWS, 3, 1, augment))
    counts[positions === ten.positions ? index : 10 + index]++;
  return counts.map((count) => count / DRAWS);
}

/** Within five standard errors. */
function expectShares(drawn: readonly number[], expected: readonly number[]): void {
  expected.forEach((share, i) =>
    expect(Math.abs(drawn[i] - share), `position ${i}`).toBeLessThan(5 * Math.sqrt(share / DRAWS)),
  );
}

const ALIKE = Array.from({ length: 15 }, () => 1 / 15);

test('games are drawn by their positions; within one half of the draws are even, and half follow the surprise', () => {
  const [inTen, inFive] = [
    [0, 0, 3, 1, 0, 0, 0, 0, 2, 4],
    [2, 0, 0, 6, 0],
  ];
  const surprise = new Map([
    [ten, surpriseOf(inTen)],
    [five, surpriseOf(inFive)],
  ]);
  const expected = [
    ...inTen.map((s) => (10 / 15) * (0.5 / 10 + (0.5 * s) / 10)),
    ...inFive.map((s) => (5 / 15) * (0.5 / 5 + (0.5 * s) / 8)),
  ];
  expectShares(shares(surprise), expected);
  expectShares(shares(), ALIKE);
});

test('a net is surprised by the entropy of its policy, however many positions it sees at once', async () => {
  const net = await untrained(resnetSpec(1, 4));
  const made = modelFromNet(net);
  if (!made.ok) throw new Error(made.message);
  const tensors = tf.memory().numTensors;
  const progress: number[][] = [];
  const surprise = await expectedSurprise(net, train, (...told) => progress.push(told));
  expect(tf.memory().numTensors).toBe(tensors);
  for (const game of [five, long]) {
    const { before, total } = surprise.get(game) ?? { before: [], total: NaN };
    expect(before).toHaveLength(game.moves.length);
    [...before, total].slice(1).forEach((sum, ply) => {
      const batch = makeBatch([exampleOf(game, ply, 0)]);
      const policy = tf.tidy(() => tf.softmax(batchOutputs(made.model, batch, {}).policy));
      const alone = entropy(policy.dataSync() as Float32Array);
      tf.dispose(policy);
      disposeBatch(batch);
      expect(sum - before[ply]).toBeCloseTo(alone, 4);
    });
  }
  made.model.dispose();
  const [, all] = progress[0];
  expect(progress.map(([positions]) => positions)).toEqual([10, 15, all]);
});

test('a net that is equally unsure everywhere draws all positions alike', async () => {
  const surprise = await expectedSurprise(await untrained(resnetSpec(1, 4), 0), [ten, five]);
  expect(surprise.get(ten)?.total).toBeCloseTo(10 * Math.log(26), 3);
  expectShares(shares(surprise), ALIKE);
});

test('a sampler that cannot look at the positions is refused before any game is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
  const digits = namedImageSpec('lenet-5', { height: 28, width: 28, channels: 1 }, 10);
  if (!digits.ok) throw new Error(digits.message);
  const own = await untrained(resnetSpec(1, 4));
  const nets: [name: string, net: AnyNetFile | null, refusal: string][] = [
    ['none', null, 'there is no such net file'],
    ['digits', await untrained(digits.spec), 'this is a net for images, which plays no Go'],
    [
      'suicide',
      await untrained(resnetSpec(1, 4, 'katago-v7-suicide')),
      'this net sees katago-v7-suicide, but the net to train katago-v7, and a sampler has to see the same',
    ],
    ['torn', { ...own, weights: new Map([...own.weights].slice(1)) }, 'is missing'],
  ];
  for (const [name, net, refusal] of nets) {
    const path = join(folder, `${name}.safetensors`);
    if (net !== null) saveNet(path, net);
    const data = { kind: 'games', files: ['nowhere'], sampler: path };
    const opened = openTask(SupervisedConfig.parse({ data, steps: 1 }), new DataReader());
    expect(opened).toEqual({ ok: false, message: expect.stringContaining(`${path}: `) });
    expect(opened).toMatchObject({ message: expect.stringContaining(refusal) });
  }
});
