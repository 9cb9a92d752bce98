/** The config of a self-play run: defaults that hold whatever else is said, and what is refused. */
import { expect, test } from 'vitest';
import { checked } from '#nets/checked.ts';
import { ZeroConfig, stepsAfter } from '#training/zero/config.ts';
import { TINY } from './tiny-run.ts';

test('what is not said of the learner stays as it is for self-play', () => {
  const { learner } = ZeroConfig.parse({});
  expect(learner).toMatchObject({ learningRate: 0.02, averageDecay: 0.998, clipNorm: 10 });
  expect(ZeroConfig.parse({ learner: { momentum: 0.95 } }).learner).toEqual({ ...learner, momentum: 0.95 });
  const own = { averageDecay: null, clipNorm: null, learningRate: 0.5 };
  expect(ZeroConfig.parse({ learner: own }).learner).toEqual({ ...learner, ...own });
});

test('another optimizer has its own rate', () => {
  const { learner } = ZeroConfig.parse({ learner: { optimizer: 'adamw' } });
  expect(learner).toMatchObject({ learningRate: 1e-3, weightDecay: 1e-2, averageDecay: 0.998 });
});

const NOTHING = { policy: 0, value: 0, score: 0, ownership: 0, reply: 0 };

test.each([
  ['selfPlay.fullShare', { selfPlay: { ...TINY.selfPlay, fullShare: 0 } }],
  ['selfPlay.startShare', { selfPlay: { ...TINY.selfPlay, startFiles: ['games.sgf'] } }],
  ['learner.lossWeights', { learner: { lossWeights: NOTHING } }],
  ['batch', { batch: 65_536 }],
  ['batch', { trainPerPosition: 1e-9 }],
  ['gamesPerGeneration', { gamesPerGeneration: 1e12 }],
  ['judge.games', { judge: { games: 1e12 } }],
])('a run that cannot learn or be held in memory is refused for its %s', (field, changes) => {
  expect(checked(ZeroConfig, { ...TINY, ...changes })).toEqual({
    ok: false,
    message: expect.stringMatching(new RegExp(`^field ${field}: `)) as string,
  });
});

test('what records cheap searches needs no full ones, and a run without end may take a step at last', () => {
  const cheap = { selfPlay: { ...TINY.selfPlay, fullShare: 0, recordCheap: true } };
  const endless = { generations: null, trainPerPosition: 1e-9 };
  for (const changes of [cheap, endless])
    expect(ZeroConfig.safeParse({ ...TINY, ...changes }).success).toBe(true);
});

test('positions too few for a step count for later ones', () => {
  const rate = { trainPerPosition: 0.1, batch: 8 };
  expect([30, 60, 90, 120].map((positions) => stepsAfter(positions, rate))).toEqual([0, 1, 1, 2]);
});
