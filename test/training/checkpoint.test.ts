/** The checkpoint of a run: restored whole, or refused with what is wrong and what to do. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { useBackend } from '#nets/backend/backends.ts';
import { loadNet, saveNet } from '#nets/file.ts';
import type { NetFile } from '#nets/file.ts';
import { buildModel } from '#nets/model.ts';
import { Momentum } from '#nets/optimizers/momentum.ts';
import { resnetSpec } from '#nets/spec.ts';
import { restoreCheckpoint, saveCheckpoint } from '#training/checkpoint.ts';
import { SupervisedConfig } from '#training/config.ts';
import { RunFolder } from '#training/run-folder.ts';

const config = SupervisedConfig.parse({ games: ['x'], blocks: 1, channels: 4, steps: 6 });
const folder = new RunFolder(mkdtempSync(join(tmpdir(), 'tengen-checkpoint-')));
const path = folder.file('checkpoint.safetensors');

let model: LayersModel;
let optimizer: Momentum;
let sound: NetFile;
beforeAll(async () => {
  await useBackend('cpu');
  model = buildModel(resnetSpec(1, 4), 1);
  optimizer = new Momentum(model, { momentum: 0.9, decay: () => 0 });
  await saveCheckpoint(folder, config, model, optimizer, 6);
  const loaded = loadNet(path);
  if (!loaded.ok) throw new Error(loaded.message);
  sound = loaded.net;
});
afterAll(() => {
  optimizer.dispose();
  model.dispose();
});

function restored(changes: Partial<NetFile>): number | string {
  saveNet(path, { ...sound, ...changes });
  return restoreCheckpoint(folder, config, model, optimizer);
}

test.each([0, 3, 6])('a checkpoint of step %d in a run of 6 is gone on with', (step) => {
  expect(restored({ provenance: { step } })).toBe(step);
});

test.each([2.5, -5, 7, 1e300, '3'])('a checkpoint that says step %s is refused', (step) => {
  expect(restored({ provenance: { step } })).toBe(
    `${path}: its step is ${step}, in a run of 6; put a sound copy there, or remove it and ${folder.file('metrics.jsonl')} to start again at step 0`,
  );
});

test('a checkpoint whose momentum is missing, renamed or too much is refused', () => {
  const all = [...sound.weights];
  const slots = all.filter(([name]) => name.startsWith('momentum/'));
  const [[first, velocity]] = slots;
  const missing = `the velocity of ${first.slice('momentum/'.length)} is missing`;
  for (const [weights, reason] of [
    [all.filter(([name]) => name !== first), missing],
    [all.map(([name, value]) => [name === first ? 'momentum/other' : name, value] as const), missing],
    [
      [...all, ['momentum/other', velocity] as const],
      `it has ${slots.length + 1} velocities, not ${slots.length}`,
    ],
  ] as const)
    expect(restored({ weights: new Map(weights) })).toMatch(new RegExp(`: ${reason}; put a sound copy`));
});
