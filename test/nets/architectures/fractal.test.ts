/** FractalNet: what its columns are, and that each is a net of its own with the same weights. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluateAll } from '#engine/search/evaluator.ts';
import { fractalOf } from '#nets/architectures/fractal.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { batchOutputs, disposeBatch, randomBatch } from '#nets/batch.ts';
import { modelFromNet } from '#nets/convert.ts';
import { makeEvaluator } from '#nets/evaluator.ts';
import { loadNet, saveNet } from '#nets/file.ts';
import type { NetFile } from '#nets/file.ts';
import { layerCosts } from '#nets/inspect/cost.ts';
import { Join } from '#nets/layers/join.ts';
import { resnetSpec } from '#nets/spec.ts';
import { weightsProblem } from '#nets/weight-shapes.ts';
import { randomPosition } from '../random-positions.ts';
import { randomNet } from './small-nets.ts';

beforeAll(() => useBackend('cpu'));

const COLUMNS = 3;
const NET = randomNet({ ...resnetSpec(1, 4), trunk: fractalOf('board', 4, COLUMNS) });

const folder = mkdtempSync(join(tmpdir(), 'tengen-fractal-'));
const file = join(folder, 'net.safetensors');
saveNet(file, NET);
afterAll(() => rmSync(folder, { recursive: true }));

function alone(column: number): NetFile {
  const loaded = loadNet(`${file}#column=${column}`);
  if (!loaded.ok) throw new Error(loaded.message);
  return loaded.net;
}

/** What a step of training with this seed finds a net to say, from statistics of its batch. */
function outputs(net: NetFile, seed: number): Float32Array[] {
  const made = modelFromNet(net);
  if (!made.ok) throw new Error(made.message);
  const batch = randomBatch(3, 5, 1);
  const values = tf.tidy(() => {
    const { policy, value, ownership } = batchOutputs(made.model, batch, { training: true, seed });
    return [policy, value, ownership].map((tensor) => tensor.dataSync() as Float32Array);
  });
  disposeBatch(batch);
  made.model.dispose();
  return values;
}

/** A seed of a step that keeps this column alone. */
function seedOf(column: number): number {
  const columns = Array.from({ length: COLUMNS }, (_, i) => i);
  const join = new Join({ name: `join ${column}`, dropPath: 1e-9, columns, columnCount: COLUMNS });
  const paths = columns.map((i) => tf.scalar(10 ** i));
  const joined = (seed: number): number =>
    tf.tidy(() => (join.apply(paths, { training: true, seed }) as tf.Tensor).dataSync()[0]);
  for (let seed = 1; ; seed++) if (joined(seed) === 10 ** (column - 1)) return seed;
}

test('column c of a block has 2^(c - 1) convolutions, and they are joined where several end', () => {
  const layers = layerCosts(NET.spec, 9);
  const convolutions = (c: number): number =>
    layers.filter(({ name }) => name.startsWith(`trunk/block0/column${c}/`) && name.endsWith('/conv')).length;
  expect([1, 2, 3].map(convolutions)).toEqual([1, 2, 4]);
  const joins = layers.filter(({ word, name }) => word === 'join' && name.startsWith('trunk/block0/'));
  expect(joins.map(({ name }) => name)).toEqual(['trunk/block0/join2', 'trunk/block0/join4']);
});

test.each([1, 2, 3])('with all other paths dropped the net is its column %i', (column) => {
  const seed = seedOf(column);
  const [whole, one] = [NET, alone(column)].map((net) => outputs(net, seed));
  whole.forEach((values, i) =>
    values.forEach((value, k) => expect(Math.abs(value - one[i][k])).toBeLessThan(1e-5)),
  );
  expect(outputs(NET, seedOf((column % COLUMNS) + 1))[0]).not.toEqual(whole[0]);
});

test.each([1, 2, 3])('column %i plays alone, with weights of the whole net', async (column) => {
  const net = alone(column);
  expect(weightsProblem(net.spec, net.weights)).toBeNull();
  for (const [name, weight] of net.weights) expect(NET.weights.get(name)).toEqual(weight);
  const evaluator = await makeEvaluator(net);
  const position = randomPosition(2, 9, 9);
  const [{ policyLogits }] = await evaluateAll(evaluator, [{ position, symmetry: 0 }]);
  await evaluator.close();
  const [best] = position.legalMoves().toSorted((a, b) => policyLogits[b] - policyLogits[a]);
  expect(position.play(best).ok).toBe(true);
});

test('a column that there is not, or of another net, is refused in one sentence', () => {
  const refusal = (address: string): string => {
    const loaded = loadNet(address);
    return loaded.ok ? 'nothing' : loaded.message;
  };
  for (const text of ['0', '4', '1.5', ''])
    expect(refusal(`${file}#column=${text}`)).toBe(
      `${file}#column=${text}: #column=${text} is none of its columns, 1 to 3`,
    );
  const [column, own] = ['column', 'own'].map((name) => join(folder, `${name}.safetensors`));
  saveNet(column, alone(2));
  expect(refusal(`${column}#column=1`)).toContain('it is column 2 of a net, and has no others');
  saveNet(own, randomNet(resnetSpec(1, 4)));
  expect(refusal(`${own}#column=1`)).toContain('its trunk is no FractalNet');
});
