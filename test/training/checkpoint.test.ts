/** The checkpoint of a run: restored whole, or refused with what is wrong and what to do. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useBackend } from '#nets/backend/backends.ts';
import { loadState, saveNet } from '#nets/file.ts';
import type { AnyNetFile } from '#nets/file.ts';
import { resnetSpec } from '#nets/spec.ts';
import { restoreCheckpoint, saveCheckpoint } from '#training/checkpoint.ts';
import { LearnerConfig } from '#training/learner-config.ts';
import { Learner } from '#training/learner.ts';
import { RunFolder } from '#training/run-folder.ts';
import { imageSpecOf } from '../nets/architectures/small-nets.ts';

const STEPS = 6;
const folder = new RunFolder(mkdtempSync(join(tmpdir(), 'tengen-checkpoint-')));
const path = folder.file('checkpoint.safetensors');

let learner: Learner;
let sound: AnyNetFile;
beforeAll(async () => {
  await useBackend('cpu');
  learner = new Learner(resnetSpec(1, 4), LearnerConfig.parse({ averageDecay: null }), 1);
  await saveCheckpoint(folder, learner, null);
  const loaded = loadState(path);
  if (!loaded.ok) throw new Error(loaded.message);
  sound = loaded.net;
});
afterAll(() => learner.dispose());

function restored(changes: Partial<AnyNetFile>): number | string {
  saveNet(path, { ...sound, ...changes });
  const result = restoreCheckpoint(folder, STEPS, learner);
  return result.ok ? learner.steps : result.message;
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
  const missing = `weight ${first} is missing`;
  for (const [weights, reason] of [
    [all.filter(([name]) => name !== first), missing],
    [all.map(([name, value]) => [name === first ? 'momentum/other' : name, value] as const), missing],
    [[...all, ['momentum/other', velocity] as const], 'weight momentum/other is no part of the net'],
  ] as const)
    expect(restored({ weights: new Map(weights) })).toMatch(new RegExp(`: ${reason}; put a sound copy`));
});

test('the best net is kept beside the state, and one that is no net of the run is refused', async () => {
  const best = await learner.weights();
  await saveCheckpoint(folder, learner, best);
  expect(restoreCheckpoint(folder, STEPS, learner)).toEqual({ ok: true, best });
  const [[name]] = best;
  best.delete(name);
  await saveCheckpoint(folder, learner, best);
  expect(restoreCheckpoint(folder, STEPS, learner)).toMatchObject({
    ok: false,
    message: expect.stringContaining(`its best net: weight ${name} is missing; put a sound copy`),
  });
});

test('images that have changed since the run began are blamed in the place of the checkpoint', async () => {
  const digits = imageSpecOf('lenet-300-100:12');
  const images = new RunFolder(mkdtempSync(join(tmpdir(), 'tengen-checkpoint-')));
  const config = LearnerConfig.parse({ averageDecay: null });
  const [begun, now] = [digits, { ...digits, heads: { ...digits.heads, classes: 4 } }].map(
    (spec) => new Learner(spec, config, 1),
  );
  await saveCheckpoint(images, begun, null);
  expect(restoreCheckpoint(images, STEPS, begun)).toEqual({ ok: true, best: null });
  const { height, width } = digits.image;
  const of = (classes: number): string => `images of ${height} x ${width} x 1 in ${classes} classes`;
  expect(restoreCheckpoint(images, STEPS, now)).toEqual({
    ok: false,
    message: `${images.file('checkpoint.safetensors')}: it is of a net for ${of(10)}, and the data ask for one for ${of(4)} now; put them back as they were, or choose a new --out`,
  });
  for (const each of [begun, now]) each.dispose();
});
