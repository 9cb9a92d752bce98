/** The net of a run whose config spells it out. */
import { expect, test } from 'vitest';
import type { AnySpec } from '#nets/spec.ts';
import { SupervisedConfig } from '#training/config.ts';
import { gameSpec, imageSpec, trainedGameSpec } from '#training/spec-of-config.ts';
import { imageSpecOf, specOf } from '../nets/architectures/small-nets.ts';
import { ordinary, randomKataGoNet } from '../nets/katago/random-nets.ts';

const configOf = (net: AnySpec | string, asked: object = {}): SupervisedConfig =>
  SupervisedConfig.parse({ data: { kind: 'games', files: ['x'] }, net, steps: 10, ...asked });

const board = specOf('plain-8:4');
const image = imageSpecOf('lenet-300-100:12');
const sides = image.image;
const refusal = (found: object): string => ('message' in found ? String(found.message) : 'none');

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
  expect(refusal(gameSpec(configOf(board), { featureSet: 'katago-v7-suicide' }))).toBe(
    'field net: it sees katago-v7, and data.featureSet is katago-v7-suicide; say the same',
  );
  expect(refusal(gameSpec(configOf(image), board))).toBe(
    'field net: it is for images, whether it is named or that of the net to begin from; name one for boards',
  );
  expect(refusal(imageSpec(configOf(board), sides, 3))).toBe(
    'field net: it is for boards, whether it is named or that of the net to begin from; name one for images',
  );
  expect(refusal(imageSpec(configOf(image), { ...sides, height: 99 }, 3))).toMatch(
    /^field net: it takes images of .+ and these have 99 x/,
  );
});

test('the reply has a head where it is learned, which heads of KataGo have not', () => {
  const trained = (net: AnySpec, learner: object = {}): object =>
    trainedGameSpec(configOf(net, { learner }), { featureSet: 'katago-v7' });
  const reply = { lossWeights: { reply: 0.15 } };
  expect(trained(board)).toMatchObject({ spec: { heads: { reply: false } } });
  expect(trained(board, reply)).toMatchObject({ spec: { heads: { reply: true } } });
  const { spec } = randomKataGoNet(15, [ordinary('mish')], 'mish');
  expect(trained(spec)).toEqual({ ok: true, spec });
  expect(refusal(trained(spec, reply))).toBe(
    'field learner.lossWeights.reply: heads of kind katago have no reply; leave it out',
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

test('a net whose maps are halved to nothing is refused with the size of the images', () => {
  const trunk = { stem: { size: 11, stride: 4 } };
  const asked = (side: number): ReturnType<typeof imageSpec> =>
    imageSpec({ net: 'alexnet:6', trunk, heads: {} }, { height: side, width: side, channels: 1 }, 10);
  expect(refusal(asked(28))).toBe(
    'field trunk: windows of 3 do not fit a map of 2x2, which is left of images of 28 x 28, padded to 32 x 32; give smaller windows or strides, or larger images',
  );
  expect(refusal(asked(33))).toContain('left of images of 33 x 33; give');
  expect(asked(67).ok).toBe(true);
});

test.each([
  ['alexnet', { stem: { size: 5, stride: 2 } }, 'trunk.stem.stride: nets for boards keep all points'],
  ['alexnet:6', { groups: 4 }, 'trunk.groups: it has to be 1 or 2'],
  [
    'alexnet:6',
    { groups: 2, filters: [6, 5, 6, 6, 6] },
    'trunk.filters: each has to be a multiple of groups',
  ],
  ['fractal-2:4', { column: 3 }, 'trunk.column: there are not as many columns'],
  ['lenet-5:8', { sparse: true }, 'trunk.sparse: table I is for maps of 6 and 16'],
  ['resnet-8:4', { groups: 2 }, 'trunk.groups: narrow of each stage has to be a multiple of it'],
  ['alexnet:6', { scale: 'image' }, 'trunk: it has to be one for boards'],
])('%s with %j is refused with a reason', (net, trunk, sentence) => {
  expect(refusal(gameSpec({ net, trunk, heads: {} }, { featureSet: 'katago-v7' }))).toContain(sentence);
});
