/** Nets that differ from named ones in fields of their trunk or heads. */
import { expect, test } from 'vitest';
import { changeSpec } from '#nets/changed-spec.ts';
import type { SpecChanges } from '#nets/changed-spec.ts';
import { makeNetFile, parseNetFile } from '#nets/file.ts';
import { NetSpec } from '#nets/spec.ts';
import type { AnySpec } from '#nets/spec.ts';
import { imageSpecOf, randomNet, specOf } from './architectures/small-nets.ts';

const spec = specOf('plain-8:4');

test('the fields that are given change, and no others', () => {
  expect(changeSpec(spec, { trunk: { norm: false }, heads: { ownership: 'unet' } })).toEqual({
    ok: true,
    spec: { ...spec, trunk: { ...spec.trunk, norm: false }, heads: { ...spec.heads, ownership: 'unet' } },
  });
  expect(changeSpec(spec, {})).toEqual({ ok: true, spec });
});

test.each<[AnySpec, SpecChanges, string]>([
  [
    spec,
    { trunk: { nrom: false } },
    'field trunk: there is nothing named "nrom" here; check the spelling, or leave it out',
  ],
  [spec, { trunk: { scale: 'image' } }, 'field trunk: '],
  [spec, { heads: { ownership: 'v' } }, 'field heads.ownership: '],
  [imageSpecOf('plain-8:4'), { heads: { ownership: 'unet' } }, 'field heads: '],
  [spec, { trunk: { shortcut: 'projection' } }, 'field trunk.shortcut: plain has no shortcuts to project'],
  [
    spec,
    { trunk: { norm: false, start: 'fixup' } },
    'field trunk.start: fixup starts branches beside shortcuts',
  ],
  [spec, { trunk: { start: 'scaled' } }, 'field trunk.start: scaled starts branches beside shortcuts'],
  [
    imageSpecOf('alexnet:6'),
    { trunk: { hidden: [] } },
    'field trunk.dropout: it lies behind the hidden layers',
  ],
  [
    specOf('vgg-11:4'),
    { trunk: { hidden: [], dropout: 0.5 } },
    'field trunk.dropout: it lies behind the hidden layers',
  ],
  [
    specOf('fractal-1:4'),
    { trunk: { dropPath: 0.2 } },
    'field trunk.dropPath: paths are dropped where columns join, and there is one column; leave it out',
  ],
  [specOf('fractal-2:4'), { trunk: { dropPath: 0.2, column: 2 } }, 'field trunk.dropPath: '],
  [
    specOf('densenet-bc-22:4'),
    { trunk: { blocks: [3], compression: 0.5 } },
    'field trunk.compression: it is of what lies between blocks, and there is one block; leave it out',
  ],
  [
    spec,
    { heads: { auxiliary: true } },
    'field heads.auxiliary: auxiliary heads sit on the way through inception',
  ],
  [imageSpecOf('lenet-5'), { heads: { auxiliary: true } }, 'field heads.auxiliary: '],
])('what no such net may have is refused by its field (%#)', (of, changes, message) => {
  const changed = changeSpec(of, changes);
  expect(changed.ok ? 'changed' : changed.message).toContain(message);
});

test.each<[string, SpecChanges['trunk']]>([
  ['fractal-1:4', {}],
  ['fractal-2:4', { column: 1 }],
  ['fractal-1:4', { dropPath: 0 }],
  ['densenet-bc-22:4', { blocks: [3] }],
])('%s with %j has what is idle by its architecture alone, and is not refused', (name, trunk) => {
  expect(changeSpec(specOf(name), { trunk })).toMatchObject({ ok: true });
});

test.each<[NetSpec, object]>([
  [specOf('plain-8:4'), { shortcut: 'projection' }],
  [specOf('plain-8:4'), { norm: false, start: 'fixup' }],
  [specOf('vgg-11:4'), { hidden: [], dropout: 0.5 }],
])('a file of a net with fields that nothing is made of is read as it is (%#)', (of, trunk) => {
  const net = randomNet(NetSpec.parse({ ...of, trunk: { ...of.trunk, ...trunk } }));
  const read = parseNetFile(makeNetFile(net));
  expect(read).toMatchObject({ ok: true, net: { spec: net.spec } });
});
