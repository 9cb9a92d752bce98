/** The net of a self-play run: its preset's, one of the size that is asked for, or that of the net it begins from. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { saveNet } from '#nets/file.ts';
import { zeroSpec } from '#training/zero/config.ts';
import { ZeroFolder } from '#training/zero/zero-folder.ts';
import { runDistil } from '../../cli/train/zero-run.ts';
import { zeroConfig } from '../../cli/train/zero-config.ts';
import { ordinary, randomKataGoNet } from '../nets/katago/random-nets.ts';

const root = mkdtempSync(join(tmpdir(), 'tengen-'));
const net = randomKataGoNet(15, [ordinary('relu')], 'relu');
const start = join(root, 'net.safetensors');
saveNet(start, net);
const folder = new ZeroFolder(join(root, 'run'));

test('a run that begins from a net has its architecture, unless another is asked for', () => {
  expect(zeroSpec(zeroConfig(folder, { start }).by('smoke', 'cpu'))).toEqual(net.spec);
  const asked = zeroConfig(folder, { start, blocks: 3 }).by('smoke', 'cpu');
  expect(asked.net).toMatchObject({ blocks: 3, channels: 16 });
  const config = join(root, 'config.json');
  writeFileSync(config, JSON.stringify({ net: net.spec }));
  expect(zeroSpec(zeroConfig(folder, { config }).by('smoke', 'cpu'))).toEqual(net.spec);
  // A checkpoint has more weights than its net.
  const checkpoint = join(root, 'checkpoint.safetensors');
  const weights = new Map([...net.weights, ['momentum/x', { shape: [1], values: new Float32Array(1) }]]);
  saveNet(checkpoint, { ...net, weights });
  expect(zeroSpec(zeroConfig(folder, { start: checkpoint }).by('smoke', 'cpu'))).toEqual(net.spec);
  // A run's folder stands for its net.
  expect(zeroConfig(folder, { start: root }).by('smoke', 'cpu').start).toBe(start);
});

test('its config says what the net is, so that it goes on by the same command, with its preset or without', () => {
  const begun = zeroConfig(folder, { start, preset: 'smoke' }).by('smoke', 'cpu');
  folder.create();
  folder.writeConfig(begun);
  expect(zeroConfig(folder, { start, preset: 'smoke' }).by('smoke', 'cpu')).toEqual(begun);
  expect(zeroConfig(folder, {}).by('cpu-night', 'cpu')).toEqual(begun);
  expect(() => zeroConfig(folder, { channels: 8 })).toThrow('was started with another value of net');
});

test('a distilled run goes on by any spelling of its teacher, and by none, though the teacher is gone', () => {
  const taught = new ZeroFolder(join(root, 'taught'));
  const teacher = join(root, 'teacher');
  mkdirSync(teacher);
  saveNet(join(teacher, 'net.safetensors'), net);
  const begun = zeroConfig(taught, { teacher: relative('.', teacher) }).by('distil', 'cpu');
  taught.create();
  taught.writeConfig(begun);
  const same = [{}, { teacher }, { teacher: join(teacher, 'net.safetensors') }];
  for (const flags of same) expect(zeroConfig(taught, flags).by('distil', 'cpu')).toEqual(begun);
  rmSync(teacher, { recursive: true });
  for (const flags of same) expect(zeroConfig(taught, flags).by('distil', 'cpu')).toEqual(begun);
  expect(() => zeroConfig(taught, { teacher: start })).toThrow('was started with another value of teacher');
});

test('only a new distilled run needs its teacher named, and none goes on with a run that has no teacher', async () => {
  const flags = { backend: 'wasm', workers: 1, concurrentGames: 1 } as const;
  const out = join(root, 'none');
  await expect(runDistil({ ...flags, out })).rejects.toThrow(
    `Name the net that plays with --teacher NET: there is no run in ${out} yet to go on with.`,
  );
  for (const teacher of [{}, { teacher: start }])
    await expect(runDistil({ ...flags, ...teacher, out: folder.path })).rejects.toThrow(
      `${folder.configPath}: this folder is of train zero; name another folder`,
    );
});
