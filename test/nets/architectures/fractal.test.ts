/** FractalNet: what its columns are, and that each is a net of its own with the same weights. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RULE_PRESETS } from '#engine/go/rules.ts';
import { fractalOf } from '#nets/architectures/fractal.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { batchOutputs, disposeBatch, randomBatch } from '#nets/batch.ts';
import { modelFromNet } from '#nets/convert.ts';
import { loadNet, saveNet } from '#nets/file.ts';
import type { NetFile } from '#nets/file.ts';
import { layerCosts } from '#nets/inspect/cost.ts';
import { Join } from '#nets/layers/join.ts';
import { resnetSpec } from '#nets/spec.ts';
import { weightsProblem } from '#nets/weight-shapes.ts';
import { playMatch } from '#selfplay/match.ts';
import { openPlayer } from '#selfplay/open-player.ts';
import { SearchPool } from '#selfplay/search-pool.ts';
import { expectSameOutputs, modelOutputs, onnxOutputs, randomInputs } from '../net-outputs.ts';
import { randomNet } from './small-nets.ts';
import { trunkWiring } from './wiring.ts';
import type { Wired } from './wiring.ts';

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

/**
 * Larsson et al. 2017, section 2, eq. 1: f_1(z) = conv(z), f_(C+1)(z) = f_C(f_C(z)) joined with conv(z), where joins that meet
 * are one.
 */
function fractalPaths(columns: number, z: string): string[] {
  if (columns === 1) return [`conv(${z})`];
  const half = joinOf(fractalPaths(columns - 1, z));
  return [`conv(${z})`, ...fractalPaths(columns - 1, half)];
}
const joinOf = (paths: readonly string[]): string =>
  paths.length === 1 ? paths[0] : `join(${paths.join()})`;

test.each([1, 2, 3, 4])('a block of %i columns is what the expansion rule makes of them', (columns) => {
  const wired = trunkWiring('board', { ...fractalOf('board', 4, columns), blocks: [4] });
  const formula = (name: string): string => {
    const { word, args } = wired.get(name) as Wired;
    if (word === 'join') return joinOf((args[0] as string[]).map(formula));
    if (word === 'batchNorm') return name === 'trunk/bn' ? 'z' : formula(args[0] as string);
    return `conv(${formula(args[0] as string)})`;
  };
  expect(formula([...wired.keys()].at(-1) as string)).toBe(joinOf(fractalPaths(columns, 'z')));
});

test.each([1, 2, 3])('with all other paths dropped the net is its column %i', (column) => {
  const seed = seedOf(column);
  const [whole, one] = [NET, alone(column)].map((net) => outputs(net, seed));
  whole.forEach((values, i) =>
    values.forEach((value, k) => expect(Math.abs(value - one[i][k])).toBeLessThan(1e-5)),
  );
  expect(outputs(NET, seedOf((column % COLUMNS) + 1))[0]).not.toEqual(whole[0]);
});

test.each([1, 2, 3])(
  'column %i alone has weights of the whole net, and says the same in ONNX',
  async (column) => {
    const net = alone(column);
    expect(weightsProblem(net.spec, net.weights)).toBeNull();
    for (const [name, weight] of net.weights) expect(NET.weights.get(name)).toEqual(weight);
    const inputs = randomInputs(net, [[9, 9]], 2);
    const expected = modelOutputs(net, inputs);
    expect(Object.values(expected).every((values) => values.every(Number.isFinite))).toBe(true);
    expectSameOutputs(await onnxOutputs(net, inputs), expected);
    expect(expected.policy).not.toEqual(modelOutputs(NET, inputs).policy);
  },
);

test('`#column=` plays whole games, the same as those of that column saved as a net of its own', async () => {
  const own = (column: number): string => join(folder, `own${column}.safetensors`);
  for (const column of [1, 3]) saveNet(own(column), alone(column));
  const pool = new SearchPool({ cores: 1 });
  const gamesOf = async (...paths: readonly string[]): Promise<readonly number[][]> => {
    const players = paths.map(async (path) => {
      const opened = await openPlayer({ kind: 'net', path, visits: 3 }, pool);
      if (!opened.ok) throw new Error(opened.message);
      return opened.player;
    });
    const [first, second] = await Promise.all(players);
    const options = { games: 2, width: 5, height: 5, rules: RULE_PRESETS['tromp-taylor'] };
    const games = await playMatch([{ first, second }], { ...options, openingPlies: 0, seed: 5 });
    // An illegal move would have ended its game.
    for (const { end } of games) expect(['passes', 'move-limit', 'resignation']).toContain(end);
    return games.map(({ moves }) => moves.map(({ move }) => move));
  };
  const games = await gamesOf(`${file}#column=1`, `${file}#column=3`);
  expect(await gamesOf(own(1), own(3))).toEqual(games);
  expect(await gamesOf(file, file)).not.toEqual(games);
  await pool.close();
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
