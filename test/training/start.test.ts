/** What a run takes over from the net it begins from. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { namedImageSpec } from '#nets/architectures/named.ts';
import { useBackend } from '#nets/backend/backends.ts';
import { saveNet } from '#nets/file.ts';
import { SupervisedConfig } from '#training/config.ts';
import { Learner } from '#training/learner.ts';
import { saveCheckpoint } from '#training/checkpoint.ts';
import { RunFolder } from '#training/run-folder.ts';
import { answersOf, startFrom, startProblem } from '#training/start.ts';

beforeAll(() => useBackend('cpu'));

const named = namedImageSpec('lenet-300-100:3', { height: 4, width: 4, channels: 1 }, 3);
if (!named.ok) throw new Error(named.message);
const { spec } = named;

const configOf = (classes: number[] | null): SupervisedConfig =>
  SupervisedConfig.parse({ data: { kind: 'images', folder: 'x', classes }, net: 'x', steps: 1 });

test.each([
  ['the same digits', [0, 1, 2], [0, 1, 2], true],
  ['all there are', null, null, true],
  ['other digits', [0, 1, 2], [3, 4, 5], false],
  ['a choice of all', null, [3, 4, 5], false],
])(
  'a net that tells apart %s: the trunk is kept, the head where it answers alike',
  async (_, before, now, isKept) => {
    const path = join(mkdtempSync(join(tmpdir(), 'tengen-')), 'net.safetensors');
    const learnerOf = (seed: number): Learner => new Learner(spec, configOf(now).learner, seed);
    const first = learnerOf(1);
    const weights = await first.averaged();
    first.dispose();
    saveNet(path, { spec, weights, provenance: answersOf(configOf(before)) });
    const learner = learnerOf(2);
    expect(startFrom(path, learner, answersOf(configOf(now)))).toBeNull();
    const started = await learner.averaged();
    learner.dispose();
    // Biases begin at 0 in every net.
    const kernels = [...weights.keys()].filter((name) => name.endsWith('kernel'));
    const keeps = (name: string): boolean =>
      String(started.get(name)?.values) === String(weights.get(name)?.values);
    const [trunk, head] = [true, false].map((inTrunk) =>
      kernels.filter((name) => name.startsWith('trunk/') === inTrunk),
    );
    expect(trunk.length).toBeGreaterThan(0);
    expect(trunk.every(keeps)).toBe(true);
    expect(head.map(keeps)).toEqual([isKept]);
  },
);

test('a run that has no net yet is begun from by its checkpoint', async () => {
  const folder = new RunFolder(mkdtempSync(join(tmpdir(), 'tengen-')));
  const [first, second] = [1, 2].map((seed) => new Learner(spec, configOf(null).learner, seed));
  await saveCheckpoint(folder, first, null);
  const path = folder.file('checkpoint.safetensors');
  expect(startProblem(spec, path)).toBeNull();
  expect(startFrom(path, second)).toBeNull();
  const [before, after] = await Promise.all([first, second].map((learner) => learner.averaged()));
  expect(after).toEqual(before);
  first.dispose();
  second.dispose();
});
