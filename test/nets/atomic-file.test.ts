/** Files written as a whole. */
import { mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeFileAtomically } from '#nets/atomic-file.ts';

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
