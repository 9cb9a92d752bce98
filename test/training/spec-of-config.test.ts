/** The net of a run whose config spells it out. */
import { expect, test } from 'vitest';
import type { AnySpec } from '#nets/spec.ts';
import { SupervisedConfig } from '#training/config.ts';
import { gameSpec, imageSpec } from '#training/spec-of-config.ts';
import { imageSpecOf, specOf } from '../nets/architectures/small-nets.ts';

const configOf = (net: AnySpec | string, asked: object = {}): SupervisedConfig =>
  SupervisedConfig.parse({ data: { kind: 'games', files: ['x'] }, net, steps: 10, ...asked });

const board = specOf('plain-8:4');
const image = imageSpecOf('lenet-300-100:12');
const sides = image.image;

test('it is that net, with the fields that the config changes', () => {
  expect(gameSpec(configOf(board), board)).toEqual({ ok: true, spec: board });
  const changed = gameSpec(configOf(board, { heads: { valueHidden: 5 } }), board);
  expect(changed).toMatchObject({ ok: true, spec: { heads: { valueHidden: 5 } } });
});

test('of images with as many classes as there are to tell apart', () => {
  const found = imageSpec(configOf(image), sides, 3);
  expect(found).toEqual({ ok: true, spec: { ...image, heads: { ...image.heads, classes: 3 } } });
});

test('one that does not see what is shown is refused', () => {
  const refusal = (found: object): string => ('message' in found ? String(found.message) : 'none');
  expect(refusal(gameSpec(configOf(board), { featureSet: 'katago-v7-suicide' }))).toBe(
    'field net: it sees katago-v7, and data.featureSet is katago-v7-suicide; say the same',
  );
  expect(refusal(gameSpec(configOf(image), board))).toBe(
    'field net: it is for images; name one for boards, or begin from one',
  );
  expect(refusal(imageSpec(configOf(board), sides, 3))).toBe(
    'field net: it is for boards; name one for images, or begin from one',
  );
  expect(refusal(imageSpec(configOf(image), { ...sides, height: 99 }, 3))).toMatch(
    /^field net: it takes images of .+ and these have 99 x/,
  );
});

test.each([
  [5, ['net']],
  [{ ...board, trunk: { ...board.trunk, kind: 'none' } }, ['net', 'trunk', 'kind']],
  [{ ...image, image: { ...sides, height: 0 } }, ['net', 'image', 'height']],
])('of %j the field that is wrong is named', (net, path) => {
  const parsed = SupervisedConfig.safeParse({ data: { kind: 'games', files: ['x'] }, net });
  expect(parsed.error?.issues[0].path).toEqual(path);
});
