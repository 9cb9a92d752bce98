/** `tengen net recalibrate`: statistics of other games, and of a column alone. */
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { namedImageSpec, namedSpec } from '#nets/architectures/named.ts';
import { loadNet, saveNet } from '#nets/file.ts';
import { resnetSpec } from '#nets/spec.ts';
import type { AnySpec, NetSpec } from '#nets/spec.ts';
import { randomWeights } from '../nets/katago/random-nets.ts';
import { randomGame } from '../training/games.ts';
import { idx } from '../training/images/idx-files.ts';
import { MAIN, runToEnd } from './tengen.ts';
import type { Run } from './tengen.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-recalibrate-'));
const tengen = (...argv: string[]): Run =>
  runToEnd(MAIN, folder, ['net', 'recalibrate', ...argv, '--backend', 'wasm']);

const save = (name: string, spec: AnySpec): void =>
  saveNet(join(folder, name), { spec, weights: randomWeights(spec, 1), provenance: { by: 'chance' } });
const named = (name: string): NetSpec => {
  const made = namedSpec(name);
  if (!made.ok) throw new Error(made.message);
  return made.spec;
};
save('plain.safetensors', resnetSpec(1, 4));
save('fractal.safetensors', named('fractal-2:4'));
const digits = namedImageSpec('lenet-300-100:4', { height: 2, width: 2, channels: 1 }, 2);
if (!digits.ok) throw new Error(digits.message);
save('digits.safetensors', digits.spec);
writeFileSync(
  join(folder, 'games.sgfs'),
  Array.from({ length: 10 }, (_, seed) => randomGame(seed, 5, 10)).join('\n'),
);
for (const part of ['train', 't10k']) {
  writeFileSync(join(folder, `${part}-images-idx3-ubyte`), idx([1, 2, 2], [0, 0, 0, 0]));
  writeFileSync(join(folder, `${part}-labels-idx1-ubyte`), idx([1], [0]));
}

test('a net gets statistics of games, and says what they are of', () => {
  const run = tengen('plain.safetensors', '--games', 'games.sgfs', '--to', 'other.safetensors', '--json');
  expect(run.code, run.err).toBe(0);
  const { examples, shifts } = JSON.parse(run.out);
  expect(examples).toBe(120);
  expect(shifts.map(({ norm }: { norm: string }) => norm)).toContain('trunk/block0/bn1');
  const [before, after] = ['plain', 'other'].map((name) => loadNet(join(folder, `${name}.safetensors`)));
  if (!before.ok || !after.ok) throw new Error('no net');
  expect(after.net.spec).toEqual(before.net.spec);
  expect(after.net.weights).not.toEqual(before.net.weights);
  expect(after.net.provenance).toEqual({ by: 'chance', statisticsOf: 'games.sgfs', statisticsExamples: 120 });
});

test('a column of a FractalNet becomes a net of its own', () => {
  const run = tengen('fractal.safetensors#column=1', '--games', 'games.sgfs', '--to', 'column.safetensors');
  expect(run.code, run.err).toBe(0);
  expect(run.out).toContain('column.safetensors: statistics of 120 positions');
  const column = loadNet(join(folder, 'column.safetensors'));
  expect(column.ok && column.net.spec.trunk).toMatchObject({ kind: 'fractal', column: 1 });
});

test.each([
  [['plain.safetensors'], 2, 'Name --games FILE... or --images FOLDER.'],
  [['plain.safetensors', '--games', 'games.sgfs', '--images', '.'], 2, 'Give --games alone'],
  [['plain.safetensors', '--games', 'nowhere.sgf'], 3, 'nowhere.sgf: '],
  [
    ['plain.safetensors', '--images', '.'],
    3,
    'plain.safetensors: this is a net for Go, which tells no images apart',
  ],
  [
    ['digits.safetensors', '--images', '.'],
    3,
    'digits.safetensors: it has no batch norms that go by statistics; name a net that does',
  ],
  [['plain.safetensors#column=1', '--games', 'games.sgfs'], 3, 'its trunk is no FractalNet'],
])('%j is refused, and nothing is written', (argv, code, sentence) => {
  const before = readdirSync(folder);
  expect(tengen(...argv, '--to', 'never.safetensors')).toMatchObject({
    code,
    err: expect.stringContaining(sentence),
  });
  expect(readdirSync(folder)).toEqual(before);
});

test('one example is too few, and what is in a folder that is read is not written over', () => {
  const images = namedImageSpec('plain-8:4', { height: 2, width: 2, channels: 1 }, 2);
  if (!images.ok) throw new Error(images.message);
  save('images.safetensors', images.spec);
  expect(tengen('images.safetensors', '--images', '.', '--to', 'never.safetensors')).toMatchObject({
    code: 3,
    err: expect.stringContaining('one example has no spread'),
  });
  expect(tengen('images.safetensors', '--images', '.', '--to', 'train-labels-idx1-ubyte')).toMatchObject({
    code: 3,
    err: expect.stringContaining('train-labels-idx1-ubyte: this is what is read; say another file to write'),
  });
});

test('a net is not written over what is read', () => {
  expect(tengen('plain.safetensors', '--games', 'games.sgfs', '--to', 'games.sgfs')).toMatchObject({
    code: 3,
    err: expect.stringContaining('games.sgfs: this is what is read; say another file to write'),
  });
});
