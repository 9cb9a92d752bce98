/** `tengen doctor`: every backend and provider, with a speed or with how to get it. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { BACKENDS } from '#nets/backend/backends.ts';
import { LAUNCHER } from './tengen.ts';

const doctor = (...argv: string[]): ReturnType<typeof spawnSync> =>
  spawnSync(process.execPath, [LAUNCHER, 'doctor', ...argv], { encoding: 'utf8' });

type Report = {
  backends: { name: string; problem: string | null; positionsPerSecond: number }[];
  auto: string;
  providers: { provider: string; problem: string | null; evaluationsPerSecond: number }[];
};

test('every backend is fast or missing with a reason, and auto takes one that works', () => {
  const { status, stdout, stderr } = doctor('--json');
  expect(status).toBe(0);
  const { backends, auto, providers } = JSON.parse(String(stdout)) as Report;
  expect(backends.map(({ name }) => name)).toEqual([...BACKENDS]);
  for (const { problem, positionsPerSecond } of backends)
    expect(problem === null ? positionsPerSecond > 0 : problem.length > 10).toBe(true);
  expect(backends.find(({ name }) => name === auto)?.problem).toBeNull();
  expect(backends.find(({ name }) => name === 'wasm')?.problem).toBeNull();
  expect(providers[0]).toMatchObject({ provider: 'cpu', problem: null });
  expect(providers[0].evaluationsPerSecond).toBeGreaterThan(0);
  // What is missing is told by the table alone; the driver of a GPU that is there may say more.
  if (backends.find(({ name }) => name === 'webgpu')?.problem !== null) expect(stderr).toBe('');
});

test('one backend is asked about by name, and people get lines', () => {
  const { status, stdout } = doctor('--backend', 'wasm');
  expect(status).toBe(0);
  expect(String(stdout)).toMatch(/\n {2}wasm +[\d,]+ +[\d,]+ {2}tfjs .*\n {2}auto takes wasm\n/);
});
