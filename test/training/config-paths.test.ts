/** Paths in configs that mean what a stored config says, and those that do not. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { withPaths } from '#training/config-paths.ts';

const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
const fromHere = relative(process.cwd(), folder);

const stored = {
  start: join(folder, 'net.safetensors'),
  data: { folder, files: ['games', 'b.sgf'], sampler: 'old/study/a-s1/net.safetensors' },
};

test.each([
  [{ start: folder }],
  [{ start: fromHere, data: { folder: `${folder}/` } }],
  [{ start: join(fromHere, 'net.safetensors'), data: { folder: fromHere, files: ['./games/', 'b.sgf'] } }],
])('%j is spelled as it is stored', (given) => {
  const spelled = withPaths(given, stored);
  expect(stored).toMatchObject(spelled);
});

test.each([
  [{ start: join(folder, 'other.safetensors') }],
  [{ steps: 5, data: { kind: 'games', files: ['b.sgf', 'games'] } }],
  [{ data: { files: ['c.sgf', 'games'], folder: `${folder}-2` } }],
])('%j means something else, and stays', (given) => {
  expect(withPaths(given, stored)).toEqual(given);
});

test('a folder stands for the net in it where a net is named, and for itself elsewhere', () => {
  expect(withPaths({ start: `${folder}#column=1`, data: { folder, sampler: folder } })).toEqual({
    start: join(folder, 'net.safetensors#column=1'),
    data: { folder, sampler: join(folder, 'net.safetensors') },
  });
});

test('a file that was moved is spelled as where it was', () => {
  const moved = join(folder, 'a-s1', 'net.safetensors');
  const wasMoved = (path: string, from: string): boolean => path === moved && from === stored.data.sampler;
  const given = { start: moved, data: { sampler: moved } };
  expect(withPaths(given, stored, wasMoved)).toEqual({
    start: moved,
    data: { sampler: stored.data.sampler },
  });
  expect(withPaths(given, stored)).toEqual(given);
});
