/** `tengen net surface` as a person runs it. */
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saveNet } from '#nets/file.ts';
import { imageSpecOf, randomNet, specOf } from '../nets/architectures/small-nets.ts';
import { randomGame } from '../training/games.ts';
import { MAIN, runToEnd } from './tengen.ts';
import type { Run } from './tengen.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-surface-'));
const tengen = (...argv: string[]): Run => runToEnd(MAIN, folder, argv);

writeFileSync(join(folder, 'games.sgfs'), [1, 2].map((seed) => randomGame(seed, 5, 10)).join('\n'));
saveNet(join(folder, 'plain.safetensors'), randomNet(specOf('plain-8:4')));
saveNet(join(folder, 'images.safetensors'), randomNet(imageSpecOf('lenet-300-100:12')));

const GAMES = ['--games', 'games.sgfs', '--hold-out', '1'];
const LINE = ['net', 'surface', 'plain.safetensors', '--backend', 'wasm', ...GAMES, '--out', 'surface'];

test('a surface is computed and drawn around what `net eval` measures; the same command again only tells it', () => {
  const first = tengen(...LINE, '--grid', '3', '--json');
  expect(first.code, first.err).toBe(0);
  const measured = JSON.parse(tengen('net', 'eval', 'plain.safetensors', ...GAMES, '--json').out);
  const told = JSON.parse(first.out);
  expect(told).toMatchObject({
    side: 3,
    examples: measured.positions,
    surfaces: [{ net: 'plain.safetensors' }],
  });
  const [{ atNet }] = told.surfaces;
  expect(atNet.total).toBeCloseTo(measured.policy.nll + measured.valueMse, 4);
  expect(readdirSync(join(folder, 'surface')).toSorted()).toEqual([
    'config.json',
    'points.jsonl',
    'surface.json',
    'surface.svg',
  ]);
  const { surfaces } = JSON.parse(readFileSync(join(folder, 'surface/surface.json'), 'utf8'));
  expect(surfaces[0].losses.total[1][1]).toBe(atNet.total);

  expect(tengen(...LINE, '--grid', '3', '--json').out).toBe(first.out);
  expect(tengen(...LINE, '--grid', '5')).toMatchObject({
    code: 3,
    err: expect.stringContaining('surface: there is a surface here with another --grid; choose a new --out'),
  });
});

test.each([
  [['plain.safetensors'], 2, 'Name --games FILE... or --images FOLDER.'],
  [['plain.safetensors', '--games', 'games.sgfs', '--images', '.'], 2, 'Give --games alone'],
  [
    ['images.safetensors', '--images', '.', '--hold-out', '0.1'],
    2,
    "'--hold-out <share>' cannot be used with",
  ],
  [['plain.safetensors', ...GAMES, '--classes', '0-4'], 2, 'Give --games alone'],
  [
    ['plain.safetensors', ...GAMES, '--grid', '50'],
    2,
    'Give an odd number, so that the net itself is a point.',
  ],
  [['images.safetensors', ...GAMES], 3, 'images.safetensors: this is a net for images, which plays no Go'],
  [['plain.safetensors', '--games', 'games.sgfs', '--hold-out', '0'], 3, 'None of the games is held out'],
  [['none.safetensors', ...GAMES], 3, 'none.safetensors: there is no such net file'],
  [['images.safetensors', '--images', '.'], 3, 't10k-images-idx3-ubyte: there is no such file'],
])('what cannot be surveyed is refused in a sentence: %s', (argv, code, message) => {
  const refused = tengen('net', 'surface', '--out', 'other', ...argv);
  expect(refused).toMatchObject({ code, out: '', err: expect.stringContaining(message) });
});
