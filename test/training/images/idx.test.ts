/** IDX files and image folders: what is read, and one sentence for everything else. */
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { makeIdx, readIdx } from '#training/images/idx.ts';
import {
  classCount,
  holdsImages,
  ofClasses,
  pixelsOf,
  readImageSet,
  writeImageSet,
} from '#training/images/image-set.ts';
import { idx } from './idx-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
const path = join(folder, 'file');

test('an array is read from plain and gzipped bytes', () => {
  const bytes = idx([2, 1, 3], [1, 2, 3, 4, 5, 255]);
  for (const content of [bytes, gzipSync(bytes)]) {
    writeFileSync(path, content);
    expect(readIdx(path, [3, 4])).toEqual({
      ok: true,
      array: { shape: [2, 1, 3], values: Uint8Array.of(1, 2, 3, 4, 5, 255) },
    });
  }
});

test('what is written is what is read, of images that are not square too', () => {
  const header = [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2];
  expect([...makeIdx({ shape: [1, 2], values: Uint8Array.of(7, 255) })]).toEqual([...header, 7, 255]);
  for (const channels of [1, 3]) {
    const size = { height: 2, width: 4, channels };
    const pixels = Uint8Array.from({ length: 2 * 2 * 4 * channels }, (_, i) => i);
    const written = mkdtempSync(join(tmpdir(), 'tengen-'));
    expect(holdsImages(written)).toBe(false);
    for (const part of ['train', 'test'] as const) {
      const groups = part === 'train' ? { groups: Uint8Array.of(0, 0, 1, 2, 255, 0, 0, 1) } : {};
      const images = { ...size, pixels, labels: Uint8Array.of(3, part === 'test' ? 1 : 0), ...groups };
      writeImageSet(written, part, images);
      expect(readImageSet(written, part)).toEqual({ ok: true, images });
    }
    expect(holdsImages(written)).toBe(true);
  }
});

const sound = idx([2, 2], [1, 2, 3, 4]);
const withByte = (at: number, value: number): Uint8Array => sound.with(at, value);

test.each([
  ['no bytes', new Uint8Array(0), 'it is not an IDX file (it must begin with two zeros)'],
  ['prose', Buffer.from('hello'), 'it is not an IDX file (it must begin with two zeros)'],
  ['floats', withByte(2, 0x0d), 'its values are of type 0x0d; only unsigned bytes, 0x08, are read'],
  ['another rank', withByte(3, 1), 'it has 1 dimensions, not 2'],
  ['half a header', sound.subarray(0, 10), 'it ends inside its header; it may be cut off'],
  ['a size of 0', withByte(7, 0), 'it holds nothing (its sizes are 0 x 2)'],
  ['a value missing', sound.subarray(0, -1), 'it ends after 3 of 4 values (2 x 2); it may be cut off'],
  [
    'a huge size',
    withByte(4, 255),
    'it ends after 4 of 8556380164 values (4278190082 x 2); it may be cut off',
  ],
  ['a value too many', Uint8Array.of(...sound, 9), '1 bytes follow the last of its 4 values'],
  [
    'gzip cut short',
    gzipSync(sound).subarray(0, 20),
    'it is gzipped but damaged, cut short or larger than 1 GiB',
  ],
])('%s is refused in one sentence that names the file', (_, bytes, message) => {
  writeFileSync(path, bytes);
  expect(readIdx(path, [2])).toEqual({ ok: false, message: `${path}: ${message}` });
});

test('a file that is not there is refused by name', () => {
  expect(readIdx(join(folder, 'none'), [1])).toEqual({
    ok: false,
    message: `${join(folder, 'none')}: cannot be read (ENOENT)`,
  });
});

test('a folder of images and labels is read, and its images are chosen by class', () => {
  writeFileSync(join(folder, 'train-images-idx3-ubyte'), idx([3, 1, 2], [1, 2, 3, 4, 5, 6]));
  writeFileSync(join(folder, 'train-labels-idx1-ubyte.gz'), gzipSync(idx([3], [4, 7, 4])));
  const read = readImageSet(folder, 'train');
  if (!read.ok) throw new Error(read.message);
  expect(read.images).toMatchObject({ height: 1, width: 2, channels: 1, labels: Uint8Array.of(4, 7, 4) });
  expect(classCount(read.images)).toBe(8);
  const chosen = ofClasses(read.images, [9, 4]);
  expect([...chosen.labels]).toEqual([1, 1]);
  expect([...pixelsOf(chosen, 1)]).toEqual([5, 6]);
  expect(readImageSet(folder, 'test')).toEqual({
    ok: false,
    message: `${join(folder, 't10k-images-idx3-ubyte')}: there is no such file, nor one ending in .gz; name a folder with files as MNIST's`,
  });
});

test('images that are chosen keep their groups, and groups of other images are refused', () => {
  const other = mkdtempSync(join(tmpdir(), 'tengen-'));
  const pixels = Uint8Array.of(1, 2, 3);
  const groups = Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3);
  const images = { height: 1, width: 1, channels: 1, pixels, labels: Uint8Array.of(0, 1, 1), groups };
  expect(ofClasses(images, [1]).groups).toEqual(groups.subarray(4));
  writeImageSet(other, 'train', images);
  const path = join(other, 'train-groups-idx2-ubyte');
  writeFileSync(path, idx([2, 4], [0, 0, 0, 1, 0, 0, 0, 2]));
  expect(readImageSet(other, 'train')).toEqual({
    ok: false,
    message: `${path}: its sizes are 2 x 4, and ${join(other, 'train-images-idx3-ubyte')} asks for 3 x 4`,
  });
});

test('labels that are not as many as the images are refused', () => {
  const other = mkdtempSync(join(tmpdir(), 'tengen-'));
  const [images, labels] = ['images-idx3', 'labels-idx1'].map((name) => join(other, `t10k-${name}-ubyte`));
  writeFileSync(images, idx([2, 1, 1, 3], [1, 2, 3, 4, 5, 6]));
  writeFileSync(labels, idx([3], [0, 1, 2]));
  expect(readImageSet(other, 'test')).toEqual({
    ok: false,
    message: `${labels}: it has 3 labels for the 2 images of ${images}`,
  });
});

const mnist = fileURLToPath(new URL('../../../../shared/data/mnist/', import.meta.url));

test.skipIf(!existsSync(mnist))(
  "MNIST's own files are read (skipped where ../shared/data/mnist is not here)",
  () => {
    const read = readImageSet(mnist, 'test');
    if (!read.ok) throw new Error(read.message);
    expect(read.images).toMatchObject({ height: 28, width: 28, channels: 1 });
    expect([...read.images.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
    expect(classCount(read.images)).toBe(10);
  },
);
