/** A run goes on with the tensor backend that it began with, or says that it does not. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ZeroConfig } from '#training/zero/config.ts';
import type { BackendFlags } from '../../cli/backend-options.ts';
import { backendChange, startAsBefore } from '../../cli/train/backend-of-run.ts';
import { zeroConfig } from '../../cli/train/zero-config.ts';
import { TINY, newFolder } from '../training/zero/tiny-run.ts';

/** Of a machine without torch, where wasm is the fastest. */
const start = ({ backend }: BackendFlags): Promise<string> => {
  if (backend === 'torch') return Promise.reject(new Error('The tensor backend torch is not available.'));
  return Promise.resolve(backend === 'auto' ? 'wasm: new' : `${backend}: new`);
};

test.each<[string, BackendFlags, string | undefined, string]>([
  ['a new run takes the fastest', { backend: 'auto' }, undefined, 'wasm: new'],
  ['auto takes what the run began with', { backend: 'auto' }, 'cpu: old', 'cpu: new'],
  ['what is asked for goes first', { backend: 'webgpu' }, 'cpu: old', 'webgpu: new'],
  ['a device asks for torch', { backend: 'auto', device: 'cuda' }, 'cpu: old', 'wasm: new'],
  ['what is no longer there is replaced', { backend: 'auto' }, 'torch: old', 'wasm: new'],
])('%s', async (_, flags, before, expected) => {
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await startAsBefore(flags, before, start)).toBe(expected);
  expect(told.mock.calls.length).toBe(before === 'torch: old' ? 1 : 0);
  told.mockRestore();
});

test('a change is told, and no change is not', () => {
  expect(backendChange(undefined, 'wasm: a')).toBe(null);
  expect(backendChange('wasm: a', 'wasm: a')).toBe(null);
  expect(backendChange('torch: b', 'wasm: a')).toMatch(/began with torch: b, and goes on with wasm: a, /);
});

test('a config keeps what its run began with; one of another run or version has no say in that', () => {
  const folder = newFolder();
  const copied = join(folder.path, 'copied.json');
  writeFileSync(copied, JSON.stringify({ ...TINY, backend: 'torch: elsewhere' }));
  const begun = zeroConfig(folder, { config: copied });
  expect(begun.backend).toBe(undefined);
  expect(begun.by('cpu-night', 'wasm: a').backend).toBe('wasm: a');
  folder.writeConfig(ZeroConfig.parse(TINY));
  expect(zeroConfig(folder, { config: copied }).by('cpu-night', 'wasm: a').backend).toBe('wasm: a');
  folder.writeConfig(ZeroConfig.parse({ ...TINY, backend: 'cpu: b' }));
  const resumed = zeroConfig(folder, { config: copied });
  expect(resumed.backend).toBe('cpu: b');
  expect(resumed.by('cpu-night', 'wasm: a').backend).toBe('cpu: b');
});
