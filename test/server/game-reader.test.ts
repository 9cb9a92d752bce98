/** Reading games for many at once. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { GameReader } from '#server/training/game-reader.ts';

test('the time that a file may take runs from when its turn has come, and too many are refused', async () => {
  const timeout = vi.spyOn(AbortSignal, 'timeout');
  const reader = new GameReader((error) => {
    throw error;
  });
  const task = { folder: mkdtempSync(join(tmpdir(), 'tengen-')), shard: 'none', from: 0 };
  const asked = Array.from({ length: 30 }, () => reader.read('games', task));
  await Promise.resolve();
  expect(timeout).toHaveBeenCalledTimes(1);
  const whys = (await Promise.all(asked)).map((answer) => (answer.ok ? '' : answer.why));
  expect(whys).toEqual([...Array<string>(17).fill('absent'), ...Array<string>(13).fill('busy')]);
  expect(timeout).toHaveBeenCalledTimes(17);
  expect(await reader.read('games', task)).toMatchObject({ why: 'absent' });
  await reader.close();
});
