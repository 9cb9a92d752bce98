/** The defaults of a run's learner hold whatever else is said of it. */
import { expect, test } from 'vitest';
import { ZeroConfig } from '#training/zero/config.ts';

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
