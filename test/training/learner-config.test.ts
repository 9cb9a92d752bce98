/** How a learner is set: defaults that suit the optimizer, schedules, refusals. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LearnerConfig } from '#training/learner-config.ts';
import { learningRateAt } from '#training/schedule.ts';

test('each optimizer has its own learning rate and decay, unless they are asked for', () => {
  expect(LearnerConfig.parse({})).toMatchObject({
    optimizer: 'nesterov',
    learningRate: 0.03,
    weightDecay: 1e-3,
  });
  expect(LearnerConfig.parse(undefined)).toEqual(LearnerConfig.parse({}));
  expect(LearnerConfig.parse({ optimizer: 'alexnet' })).toMatchObject({ momentum: 0.9, weightDecay: 5e-4 });
  expect(LearnerConfig.parse({ optimizer: 'adamw' })).toMatchObject({
    learningRate: 1e-3,
    weightDecay: 1e-2,
  });
  expect(LearnerConfig.parse({ optimizer: 'adamw', learningRate: 0.5 })).toMatchObject({ learningRate: 0.5 });
});

test('a resolved config resolves to itself', () => {
  for (const optimizer of ['nesterov', 'alexnet', 'adamw']) {
    const resolved = LearnerConfig.parse({ optimizer, schedule: { kind: 'steps', at: [7] } });
    expect(LearnerConfig.parse(JSON.parse(JSON.stringify(resolved)))).toEqual(resolved);
  }
});

test.each([
  [{ optimiser: 'adamw' }, 'optimiser'],
  [{ optimizer: 'sgd' }, 'optimizer'],
  [{ lossWeights: { policy: -1 } }, 'policy'],
  [{ schedule: { kind: 'cosine' } }, 'steps'],
  [{ averageDecay: 1 }, 'averageDecay'],
  [{ optimizer: 'adamw', penalties: { l1: 1e-4 } }, 'penalties adamw takes l2 alone'],
  [
    { optimizer: 'adamw', penalties: { l2: 1e-4, groupLasso: 1e-3 } },
    'l1 and groupLasso need nesterov or alexnet',
  ],
  [{ beta2: 0.99 }, 'beta2 it is for adamw alone; leave it out'],
  [{ optimizer: 'alexnet', epsilon: 1e-3 }, 'epsilon it is for adamw alone; leave it out'],
  ['nesterov', ''],
  [null, ''],
  [[], ''],
])('%j is refused by name', (given, name) => {
  const parsed = LearnerConfig.safeParse(given);
  expect(parsed.success).toBe(false);
  const [issue] = parsed.error?.issues ?? [];
  expect(`${issue.path.join('.')} ${issue.message}`).toContain(name);
});

const schedules = fc.oneof(
  fc.constant({ kind: 'constant' as const }),
  fc.record({
    kind: fc.constant('cosine' as const),
    steps: fc.integer({ min: 1, max: 500 }),
    floor: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('steps' as const),
    at: fc.array(fc.nat(500), { minLength: 1, maxLength: 3 }),
    factor: fc.constantFrom(0.1, 0.5),
  }),
);

test('the rate rises over the warm-up to its peak, and never rises again', () => {
  fc.assert(
    fc.property(schedules, fc.nat(100), (schedule, warmup) => {
      const config = LearnerConfig.parse({ learningRate: 0.1, warmup, schedule });
      const rates = Array.from({ length: 600 }, (_, step) => learningRateAt(config, step));
      rates.forEach((rate, step) => {
        expect(rate).toBeLessThanOrEqual(0.1 + 1e-12);
        if (step < warmup) expect(rate).toBeCloseTo((0.1 * (step + 1)) / warmup, 12);
        else if (step > warmup) expect(rate).toBeLessThanOrEqual(rates[step - 1] + 1e-12);
      });
    }),
  );
});

test('a cosine is half way down half way, and stays on its floor; steps multiply', () => {
  const cosine = LearnerConfig.parse({
    learningRate: 1,
    warmup: 20,
    schedule: { kind: 'cosine', steps: 120, floor: 0.2 },
  });
  expect([20, 70, 120, 500].map((step) => learningRateAt(cosine, step))).toEqual([
    1,
    expect.closeTo(0.6, 9),
    expect.closeTo(0.2, 9),
    expect.closeTo(0.2, 9),
  ]);
  const steps = LearnerConfig.parse({
    learningRate: 1,
    warmup: 0,
    schedule: { kind: 'steps', at: [10, 30] },
  });
  expect([9, 10, 29, 30].map((step) => learningRateAt(steps, step))).toEqual([
    1,
    expect.closeTo(0.1, 9),
    expect.closeTo(0.1, 9),
    expect.closeTo(0.01, 9),
  ]);
});
