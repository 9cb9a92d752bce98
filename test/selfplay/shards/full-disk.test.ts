/** Part files and shards on a disk that is full or fails, which node:fs pretends here. */
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { explain } from '#cli/report-error.ts';
import { PartFile } from '#selfplay/shards/part-file.ts';
import { writeShard } from '#selfplay/shards/shard-file.ts';
import { someGames } from './arbitrary-game.ts';

/** What the disk does to calls: `bytes` are left on it, `code` is what it answers then, or to every fsync. */
const disk = vi.hoisted(() => ({ bytes: Infinity, code: 'ENOSPC', failsToSync: false, failsToCut: false }));
const refuse = vi.hoisted(() => (code: string): never => {
  throw Object.assign(new Error(code), { code });
});

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return {
    ...real,
    writeSync: (file: number, bytes: Uint8Array, at = 0, length = bytes.length - at, position?: number) => {
      if (disk.bytes === 0) refuse(disk.code);
      const written = real.writeSync(file, bytes, at, Math.min(length, disk.bytes), position);
      disk.bytes -= written;
      return written;
    },
    fsyncSync: (file: number) => (disk.failsToSync ? refuse('EIO') : real.fsyncSync(file)),
    ftruncateSync: (file: number, length: number) =>
      disk.failsToCut ? refuse('EIO') : real.ftruncateSync(file, length),
  };
});

afterEach(() => {
  Object.assign(disk, { bytes: Infinity, code: 'ENOSPC', failsToSync: false, failsToCut: false });
});

const folder = (): string => fs.mkdtempSync(join(tmpdir(), 'tengen-'));
const [first, second] = someGames(2);

function thrownBy(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

test.each([
  ['ENOSPC', 'the disk is full (ENOSPC)'],
  ['EDQUOT', 'the disk quota is used up (EDQUOT)'],
  ['EFBIG', 'the file may not grow further (EFBIG)'],
])('%s in the middle of a game is told in a sentence, and the file is as before', (code, sentence) => {
  const path = join(folder(), 'G000012.part');
  const { file } = PartFile.open(path);
  file.append(first);
  const before = fs.readFileSync(path);
  Object.assign(disk, { bytes: 20, code });
  expect(explain(thrownBy(() => file.append(second)))).toBe(`${path}: ${sentence}`);
  expect(fs.readFileSync(path)).toEqual(before);
  disk.bytes = Infinity;
  expect(PartFile.open(path)).toMatchObject({ games: [first], note: null });
});

test('where even cutting the torn end off fails, that is done when the file is opened again', () => {
  const path = join(folder(), 'G000012.part');
  const { file } = PartFile.open(path);
  file.append(first);
  Object.assign(disk, { bytes: 20, failsToCut: true });
  expect(thrownBy(() => file.append(second))).toMatchObject({ code: 'ENOSPC', path });
  Object.assign(disk, { bytes: Infinity, failsToCut: false });
  expect(PartFile.open(path)).toMatchObject({
    games: [first],
    note: expect.stringMatching('the last 20 bytes'),
  });
});

test('a game that could not be synced is not acknowledged, and the file takes no more', () => {
  const path = join(folder(), 'G000012.part');
  const { file } = PartFile.open(path);
  disk.failsToSync = true;
  expect(explain(thrownBy(() => file.append(first)))).toBe(`${path}: the device failed (EIO)`);
  disk.failsToSync = false;
  expect(() => file.append(second)).toThrow(`internal: ${path} is closed`);
  expect(PartFile.open(path)).toMatchObject({ games: [], note: null });
});

test('a full disk leaves no part of a shard', () => {
  const there = folder();
  disk.bytes = 100;
  const error = thrownBy(() => writeShard(there, 12, [first, second]));
  expect(explain(error)).toMatch(/G000012-[0-9a-f]{16}\.shard: the disk is full \(ENOSPC\)$/);
  expect(fs.readdirSync(there)).toEqual([]);
});

test('no part file begins on a full disk', () => {
  const path = join(folder(), 'G000012.part');
  disk.bytes = 5;
  expect(thrownBy(() => PartFile.open(path))).toMatchObject({ code: 'ENOSPC', path });
  expect(fs.existsSync(path)).toBe(false);
});
