/** Files written as a whole. */
import type * as fs from 'node:fs';
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { writeFileAtomically } from '#nets/atomic-file.ts';

/** What the file system answers that is to sync a folder; null where it can. */
const folders = vi.hoisted(() => ({ answer: null as string | null }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const fsyncSync = (file: number): void => {
    const { answer } = folders;
    if (answer !== null && real.fstatSync(file).isDirectory())
      throw Object.assign(new Error(answer), { code: answer });
    real.fsyncSync(file);
  };
  return { ...real, fsyncSync };
});

test('a file that cannot be written leaves the old one, and nothing beside it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tengen-'));
  const path = join(folder, 'net.safetensors');
  writeFileAtomically(path, Uint8Array.of(1, 2));
  expect(() => writeFileAtomically(path, { length: 3 } as Uint8Array)).toThrow(TypeError);
  expect(readFileSync(path)).toEqual(Buffer.of(1, 2));
  for (const place of [folder, '/dev/null'])
    expect(() => writeFileAtomically(place, Uint8Array.of(1))).toThrow(`${place}: this is not a file`);
  const missing = join(folder, 'missing', 'net');
  expect(() => writeFileAtomically(missing, Uint8Array.of(1))).toThrow(
    expect.objectContaining({ code: 'ENOENT', path: missing }),
  );
  expect(readdirSync(folder)).toEqual(['net.safetensors']);
});

// Windows is not asked to sync folders.
test.skipIf(process.platform === 'win32')(
  'a file system that cannot sync folders is written to all the same; one that fails to is told of',
  () => {
    const path = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'net');
    folders.answer = 'EINVAL';
    writeFileAtomically(path, Uint8Array.of(1));
    folders.answer = 'EIO';
    const refusal = expect.objectContaining({ code: 'EIO', path });
    expect(() => writeFileAtomically(path, Uint8Array.of(2))).toThrow(refusal);
    folders.answer = null;
  },
);
