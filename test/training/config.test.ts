/** Configs of supervised runs: which field is at fault, and what is filled in. */
import { expect, test } from 'vitest';
import { checked } from '#nets/checked.ts';
import { StoredConfig, SupervisedConfig } from '#training/config.ts';

const DATA = { kind: 'games', files: ['x'] };
const IMAGES = { kind: 'images', folder: 'x' };

test.each<[object, string]>([
  [{ learner: 5 }, 'field learner: it has to be an object, { ... }'],
  [{ learner: { schedule: 'cosine' } }, 'field learner.schedule: it has to be an object, { ... }'],
  [{ learner: { schedule: {} } }, 'field learner.schedule.kind: it is missing, and has to be a text'],
  [
    { learner: { schedule: { kind: 'sine' } } },
    'field learner.schedule.kind: it has to be constant or cosine or cyclic or steps',
  ],
  [{ learner: { lossWeights: 3 } }, 'field learner.lossWeights: it has to be an object, { ... }'],
  [{ steps: 2.5 }, 'field steps: it has to be a whole number'],
  [{ seed: -1 }, 'field seed: it has to be at least 0'],
  [{ bag: -1 }, 'field bag: it has to be at least 0'],
])('%j is refused by its field', (part, message) => {
  expect(checked(SupervisedConfig, { data: DATA, ...part })).toEqual({ ok: false, message });
});

const cyclic = (steps: number, cycles: number, learner: object = {}): object => ({
  steps,
  learner: { ...learner, schedule: { kind: 'cyclic', cycles } },
});

test.each<[object, string]>([
  [
    { data: IMAGES, learner: { lossWeights: { policy: 2 } } },
    'learner.lossWeights: it is for boards, and images have the loss of their classes alone; leave it out',
  ],
  [{ monitor: 'policy' }, 'monitor: it is what patience waits for, and there is none; leave it out'],
  [
    { data: IMAGES, heads: { classes: 3 } },
    'heads.classes: data.classes or the labels say how many there are; leave it out',
  ],
  [{ data: IMAGES, patience: 2, monitor: 'policy' }, 'monitor: images have one loss; leave it out'],
  [
    { heads: { reply: true } },
    'heads.reply: learner.lossWeights.reply says whether there is a head for it; leave it out',
  ],
  [
    { learner: { labelSmoothing: 0.1, lossWeights: { policy: 0 } } },
    'learner.labelSmoothing: it smooths the policy, and learner.lossWeights.policy is 0; leave it out',
  ],
  [{ data: { ...IMAGES, classes: [3, 5, 3] } }, 'data.classes: 3 is there twice'],
  [
    { data: { ...DATA, size: 9, augment: { crop: 0.5, cropSides: [7, 13] } } },
    'data.augment.cropSides: a corner has to be smaller than the boards, data.size',
  ],
  [
    { data: { ...DATA, size: 7, augment: { crop: 0.5 } } },
    'data.augment.cropSides: a corner has to be smaller than the boards, data.size',
  ],
  [
    { steps: 50, learner: { warmup: 5, schedule: { kind: 'cosine', steps: 5 } } },
    'learner.schedule.steps: it has to be more than the 5 steps of the warm-up',
  ],
  [{ steps: 50, learner: { warmup: 50 } }, "learner.warmup: it has to be less than the run's 50 steps"],
  [
    { steps: 50, learner: { schedule: { kind: 'steps', at: [20, 50] } } },
    "learner.schedule.at: each has to be less than the run's 50 steps",
  ],
  [cyclic(4, 50), 'learner.schedule.cycles: there cannot be more cycles than steps'],
  [
    cyclic(25, 10),
    'learner.schedule.cycles: the 23 steps after the warm-up make 8 cycles of 3; give 8, or other steps',
  ],
  [
    cyclic(25, 10, { warmup: 20 }),
    'learner.schedule.cycles: the 5 steps after the warm-up make 5 cycles of 1; give 5, or other steps',
  ],
])('%j would be without effect in part, and is refused', (part, message) => {
  expect(checked(SupervisedConfig, { data: DATA, ...part })).toEqual({
    ok: false,
    message: `field ${message}`,
  });
});

test.each<object>([
  { data: IMAGES },
  { data: { ...DATA, size: 7 } },
  { data: { ...DATA, size: 9, augment: { crop: 0.5 } } },
  { data: { ...DATA, augment: { crop: 0.5, cropSides: [13] } } },
  { steps: 50, learner: { warmup: 49, schedule: { kind: 'steps', at: [49] } } },
  { steps: 1 },
  cyclic(25, 8),
  cyclic(25, 5, { warmup: 0 }),
])('%j has an effect in all its parts, and so has the config that is made of it', (part) => {
  const config = SupervisedConfig.parse({ data: DATA, ...part });
  expect(SupervisedConfig.parse(JSON.parse(JSON.stringify(config)))).toEqual(config);
});

test('a run that began with what has no effect goes on', () => {
  const { heads } = StoredConfig.parse({ data: DATA, heads: { reply: true }, version: 2 });
  expect(heads).toEqual({ reply: true });
});

test('a config without steps or learner has those of a usual run', () => {
  expect(SupervisedConfig.parse({ data: DATA })).toMatchObject({
    steps: 20_000,
    learner: { schedule: { kind: 'cosine', steps: 20_000 }, warmup: 200, lossWeights: { reply: 0 } },
  });
});
