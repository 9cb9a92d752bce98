/** Folders of one trainer given to another. */
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SupervisedConfig } from '#training/config.ts';
import { RunFolder } from '#training/run-folder.ts';
import type { SurfaceConfig } from '#training/surface/config.ts';
import { SurfaceFolder } from '#training/surface/surface-folder.ts';
import { ZeroConfig } from '#training/zero/config.ts';
import { ZeroFolder } from '#training/zero/zero-folder.ts';

const newPath = (): string => mkdtempSync(join(tmpdir(), 'tengen-'));

const HASH = '0'.repeat(64);
const SURFACE: SurfaceConfig = {
  nets: [{ path: 'net', sha256: HASH, examplesSha256: HASH }],
  examples: 1,
  side: 3,
  range: 1,
  seed: 1,
};

/** Makes a folder of each trainer. */
const MAKERS = {
  'train supervised': (path: string) =>
    new RunFolder(path).writeConfig(SupervisedConfig.parse({ data: { kind: 'games', files: ['x'] } })),
  'train zero': (path: string) => new ZeroFolder(path).writeConfig(ZeroConfig.parse({})),
  'train distil': (path: string) => new ZeroFolder(path).writeConfig(ZeroConfig.parse({ teacher: 'x' })),
  'net surface': (path: string) => void new SurfaceFolder(path).open(SURFACE),
};

/** What each trainer says of a folder, where it cannot take it. */
const READERS: Readonly<Record<string, (path: string) => unknown>> = {
  'train supervised': (path) => new RunFolder(path).readConfig(),
  'train zero': (path) => new ZeroFolder(path).readConfig(),
  'net surface': (path) => new SurfaceFolder(path).open(SURFACE),
};

test.each(Object.entries(MAKERS))('a folder of %s is told from those of others', (trainer, make) => {
  const path = newPath();
  make(path);
  const files = readdirSync(path);
  const own = trainer === 'train distil' ? 'train zero' : trainer;
  for (const [reader, read] of Object.entries(READERS))
    if (reader === own) expect(read(path)).not.toBeTypeOf('string');
    else
      expect(read(path)).toBe(
        `${join(path, 'config.json')}: this folder is of ${trainer}; name another folder`,
      );
  expect(readdirSync(path).filter((name) => !files.includes(name) && name !== 'points.jsonl')).toEqual([]);
});
