/** The net of a self-play run: its preset's, one of the size that is asked for, or that of the net it begins from. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saveNet } from '#nets/file.ts';
import { zeroSpec } from '#training/zero/config.ts';
import { ZeroFolder } from '#training/zero/zero-folder.ts';
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
  // A run's folder stands for its net.
  expect(zeroConfig(folder, { start: root }).by('smoke', 'cpu').start).toBe(start);
});

test('its config says what the net is, so that it goes on by the same command, with its preset or without', () => {
  const begun = zeroConfig(folder, { start, preset: 'smoke' }).by('smoke', 'cpu');
  folder.create();
  folder.writeConfig(begun);
  expect(zeroConfig(folder, { start, preset: 'smoke' }).by('smoke', 'cpu')).toEqual(begun);
  expect(zeroConfig(folder, {}).by('cpu-night', 'cpu')).toEqual(begun);
  expect(() => zeroConfig(folder, { channels: 8 })).toThrow('was started with another net');
});
