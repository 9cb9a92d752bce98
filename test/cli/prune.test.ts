/** `tengen net prune`, and training that begins from what it writes. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadNet, saveNet } from '#nets/file.ts';
import { makeKataGoFile } from '#nets/katago/write.ts';
import { resnetSpec } from '#nets/spec.ts';
import { gpool, ordinary, randomKataGoNet, randomWeights } from '../nets/katago/random-nets.ts';
import { randomGame } from '../training/games.ts';
import { LAUNCHER, runToEnd } from './tengen.ts';
import type { Run } from './tengen.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-prune-'));
const tengen = (...argv: string[]): Run => runToEnd(LAUNCHER, folder, argv);

const net = randomKataGoNet(8, [ordinary('relu'), gpool('relu')], 'relu');
writeFileSync(join(folder, 'katago.bin.gz'), makeKataGoFile(net, { isText: false, isZipped: true }));
const spec = resnetSpec(1, 4);
saveNet(join(folder, 'own.safetensors'), { spec, weights: randomWeights(spec, 1), provenance: {} });
writeFileSync(
  join(folder, 'games.sgfs'),
  Array.from({ length: 30 }, (_, seed) => randomGame(seed, 5, 10)).join('\n'),
);

const PRUNE = ['net', 'prune', 'katago.bin.gz', '--games', 'games.sgfs', '--backend', 'wasm'];

test('a pruned net is a net file, from which a run begins that names no net', () => {
  const pruned = tengen(...PRUNE, '--to', 'pruned.safetensors', '--json');
  expect(pruned.code, pruned.err).toBe(0);
  const { before, after } = JSON.parse(pruned.out);
  expect(after.parameters).toBeLessThan(before.parameters);
  expect(after.flops).toBeLessThan(before.flops);
  expect(tengen('net', 'info', 'pruned.safetensors').out).toContain(
    '2 blocks x 8 channels (1 ordinary of 3, 1 gpool of 3 and 4)',
  );
  const start = loadNet(join(folder, 'pruned.safetensors'));
  const train = (...more: string[]): Run =>
    tengen('train', 'supervised', '--out', 'run', '--backend', 'wasm', ...more);
  const first = train(
    '--games',
    'games.sgfs',
    '--start',
    'pruned.safetensors',
    '--steps',
    '2',
    '--batch',
    '8',
  );
  expect(first.code, first.err).toBe(0);
  rmSync(join(folder, 'pruned.safetensors'));
  expect(train().out).toContain('trained 2 steps');
  const trained = loadNet(join(folder, 'run/net.safetensors'));
  if (!trained.ok || !start.ok) throw new Error('no net');
  expect(trained.net.spec).toEqual(start.net.spec);
  expect(trained.net.provenance).toMatchObject({ recipe: 'supervised', step: 2 });
});

test.each([
  [
    ['net', 'prune', 'own.safetensors', '--games', 'games.sgfs', '--to', 'x'],
    3,
    'own.safetensors: it has no ordinary or pooling blocks',
  ],
  [['net', 'prune', 'none.bin.gz', '--games', 'games.sgfs', '--to', 'x'], 3, 'none.bin.gz: there is no such'],
  [[...PRUNE, '--to', 'katago.bin.gz'], 3, 'katago.bin.gz: this is what is read'],
  [[...PRUNE, '--to', 'games.sgfs'], 3, 'games.sgfs: this is what is read'],
  [[...PRUNE, '--to', 'nowhere/x'], 3, 'nowhere/x: there is no such file'],
  [[...PRUNE, '--to', 'x', '--keep', '2'], 2, '--keep'],
  [['net', 'prune', 'katago.bin.gz', '--to', 'x'], 2, '--games'],
])('%j is refused, and nothing is written', (argv, code, sentence) => {
  const before = readdirSync(folder);
  const run = tengen(...argv);
  expect(run.code).toBe(code);
  expect(run.err).toContain(sentence);
  expect(readdirSync(folder)).toEqual(before);
});
