/** The net of a run that names none: that it begins from. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saveNet } from '#nets/file.ts';
import type { AnySpec } from '#nets/spec.ts';
import { SupervisedConfig } from '#training/config.ts';
import { gameSpec, imageSpec } from '#training/spec-of-config.ts';
import { imageSpecOf, randomNet, specOf } from '../nets/architectures/small-nets.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-'));

/** A config that begins from such a net, and its path. */
function beginning(spec: AnySpec, asked: object = {}): { config: SupervisedConfig; path: string } {
  const path = join(folder, 'net.safetensors');
  saveNet(path, randomNet(spec));
  const data = { kind: 'games', files: ['x'] };
  return { path, config: SupervisedConfig.parse({ data, start: path, steps: 10, ...asked }) };
}

const board = specOf('plain-8:4');
const image = imageSpecOf('lenet-300-100:12');
const sides = image.image;

test('it is that of the net, with the fields that the config changes', () => {
  expect(gameSpec(beginning(board).config, board)).toEqual({ ok: true, spec: board });
  const { config } = beginning(board, { heads: { valueHidden: 5 } });
  expect(gameSpec(config, board)).toMatchObject({ ok: true, spec: { heads: { valueHidden: 5 } } });
  const { config: named } = beginning(board, { net: 'plain-8:6' });
  expect(gameSpec(named, board)).toMatchObject({ ok: true, spec: specOf('plain-8:6') });
});

test('of images with as many classes as there are to tell apart', () => {
  const found = imageSpec(beginning(image).config, sides, 3);
  expect(found).toEqual({ ok: true, spec: { ...image, heads: { ...image.heads, classes: 3 } } });
});

test('one that does not see what is shown is refused by its path', () => {
  const refusal = (spec: AnySpec, of: (config: SupervisedConfig) => object): unknown => {
    const { config, path } = beginning(spec);
    const found = of(config);
    return 'message' in found ? String(found.message).replace(path, 'PATH') : found;
  };
  expect(refusal(board, (config) => gameSpec(config, { featureSet: 'katago-v7-suicide' }))).toBe(
    'PATH: this net sees katago-v7, and data.featureSet is katago-v7-suicide; say the same',
  );
  expect(refusal(image, (config) => gameSpec(config, board))).toBe(
    'PATH: this net is for images; begin from one for boards',
  );
  expect(refusal(board, (config) => imageSpec(config, sides, 3))).toBe(
    'PATH: this net is for boards; begin from one for images',
  );
  expect(refusal(image, (config) => imageSpec(config, { ...sides, height: 99 }, 3))).toMatch(
    /^PATH: it takes images of .+ and these have 99 x/,
  );
});
