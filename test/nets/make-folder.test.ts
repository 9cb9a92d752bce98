/** Folders are made as `mkdir -p` makes them, and the system's refusals are told as they are. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '#nets/make-folder.ts';

const base = mkdtempSync(join(tmpdir(), 'tengen-folder-'));

/** Runs a script with a file system of its own at `base` that is read-only, as Linux lets people without rights do it. */
const onReadOnly = (script: string): ReturnType<typeof spawnSync> =>
  spawnSync(
    'unshare',
    ['-rm', 'sh', '-c', `mount -t tmpfs -o ro none ${base} && exec "$0" -e "$1"`, process.execPath, script],
    {
      encoding: 'utf8',
    },
  );

test('a folder is made with those above it, or left as it is', () => {
  const path = join(base, 'a/b/c');
  makeFolder(path);
  makeFolder(path);
  expect(existsSync(path)).toBe(true);
});

test('what stands in the way is named', () => {
  const file = join(base, 'file');
  writeFileSync(file, '');
  expect(() => makeFolder(file)).toThrow(expect.objectContaining({ code: 'EEXIST', path: file }) as Error);
  expect(() => makeFolder(join(file, 'a/b'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }) as Error);
});

test.skipIf(onReadOnly('').status !== 0)('a read-only file system is told as one', () => {
  const module = JSON.stringify(new URL('../../nets/make-folder.ts', import.meta.url).href);
  const path = JSON.stringify(join(base, 'run/games'));
  const { stdout } = onReadOnly(
    `import(${module}).then((it) => it.makeFolder(${path})).catch((error) => console.log(error.code, error.path))`,
  );
  expect(stdout).toBe(`EROFS ${join(base, 'run')}\n`);
});
