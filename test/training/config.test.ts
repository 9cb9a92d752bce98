/** Configs of supervised runs: which field is at fault, and what is filled in. */
import { expect, test } from 'vitest';
import { checked } from '#nets/checked.ts';
import { SupervisedConfig } from '#training/config.ts';

const DATA = { kind: 'games', files: ['x'] };

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

test('a config without steps or learner has those of a usual run', () => {
  expect(SupervisedConfig.parse({ data: DATA })).toMatchObject({
    steps: 20_000,
    learner: { schedule: { kind: 'cosine', steps: 20_000 }, warmup: 200, lossWeights: { reply: 0 } },
  });
});
