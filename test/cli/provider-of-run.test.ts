/** What evaluates the nets of a self-play run on machines of all kinds. */
import { expect, test } from 'vitest';
import { missingGpu, providerOfRun } from '../../cli/train/provider-of-run.ts';

const CUDA = 'torch: libtorch 2.1.0 on cuda:0';
const CPU = 'torch: libtorch 2.1.0 on cpu, 1 threads';
const runs = (): Promise<null> => Promise.resolve(null);
const fails = (): Promise<string> => Promise.resolve('the provider cuda does not run here.');

test('games are played where the backend trains, unless something else is asked for', async () => {
  expect(await providerOfRun(undefined, CUDA, runs)).toEqual({ provider: 'cuda', note: null });
  expect(await providerOfRun(undefined, CPU, fails)).toEqual({ provider: 'cpu', note: null });
  expect(await providerOfRun('cpu', CUDA, fails)).toEqual({ provider: 'cpu', note: null });
  expect(await providerOfRun('webgpu', CPU, runs)).toEqual({ provider: 'webgpu', note: null });
});

test('a provider that does not run is refused where it was asked for, else told of', async () => {
  expect(await providerOfRun(undefined, CUDA, fails)).toEqual({
    provider: 'cpu',
    note: 'Games are played on the CPU, since the provider cuda does not run here.',
  });
  await expect(providerOfRun('cuda', CPU, fails)).rejects.toThrow('the provider cuda does not run here.');
});

test('the preset for GPUs says where there is none', () => {
  expect(missingGpu('gpu', CPU)).toContain('--preset cpu-night');
  expect(missingGpu('gpu', CUDA)).toBeNull();
  expect(missingGpu('cpu-night', CPU)).toBeNull();
});
