/** Receptive fields, as told of an architecture, against where the gradients of its nets are. */
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { modelFromNet } from '#nets/convert.ts';
import { inspectNet } from '#nets/inspect/inspect.ts';
import { placeholderNet } from '#nets/inspect/placeholder.ts';
import { receptiveFields } from '#nets/inspect/receptive-field.ts';
import { playedSpec } from '#nets/spec.ts';
import type { AnySpec } from '#nets/spec.ts';
import { SMALL_NETS, imageSpecOf, specOf } from '../architectures/small-nets.ts';
import { attention, gpool, ordinary, randomKataGoNet } from '../katago/random-nets.ts';
import { gradientSupport } from './gradient-support.ts';
import type { Extent } from './gradient-support.ts';

beforeAll(() => useBackend('wasm'));

/** Maps of each net that are looked at, spread over it; the last is always among them. */
const LOOKED_AT = 4;

function spread<Item>(items: readonly Item[]): Item[] {
  const step = Math.max(1, Math.ceil(items.length / LOOKED_AT));
  return items.filter((_, i) => (items.length - 1 - i) % step === 0);
}

function expectFields(spec: AnySpec, size: number): void {
  const made = modelFromNet(placeholderNet(spec));
  if (!made.ok) throw new Error(made.message);
  const fields = receptiveFields(spec);
  const inside = ([first, last]: Extent): Extent => [Math.max(0, first), Math.min(size - 1, last)];
  const maps = inspectNet(spec, size).layers.flatMap(({ name, output }) => {
    const { rowsSeenBy = null, whole = false } = fields.get(name) ?? {};
    return output.length === 3 && rowsSeenBy !== null ? [{ name, output, rowsSeenBy, whole }] : [];
  });
  for (const { name, output, rowsSeenBy, whole } of spread(maps)) {
    // In the middle of the rows, and near the edge of the columns.
    const point = [Math.floor(output[0] / 2), Math.min(1, output[1] - 1)] as const;
    const [rows, columns] = point.map((place) => inside(whole ? [0, size - 1] : rowsSeenBy(place)));
    const corners = [0, 1].map((end) => [rows[end], columns[end]] as const);
    expect(gradientSupport(made.model, name, size, point, corners), name).toEqual({ rows, columns });
  }
  made.model.dispose();
}

test.each(SMALL_NETS)('the maps of the net %s see as far as their gradients reach', (name) => {
  expectFields(playedSpec(specOf(name)), 13);
});

test('those of a net of KataGo do', () => {
  expectFields(randomKataGoNet(8, [ordinary('relu'), gpool('relu'), attention('none')], 'relu').spec, 13);
});

// Sides that windows without padding leave no rows of over: fields are not clipped where maps between are padded.
test.each([
  ['lenet-5:2', 32],
  ['alexnet:6', 67],
  ['vgg-11:4', 32],
  ['inception:8', 32],
  ['resnet-8:4', 28],
  ['densenet-10:4', 28],
])('those of the net %s for images of %i points a side do', (name, side) => {
  const { image, ...spec } = playedSpec(imageSpecOf(name));
  expectFields({ ...spec, image: { ...image, height: side, width: side } }, side);
});
