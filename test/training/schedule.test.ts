/** Learning rates: cycles to the paper's formula, and where they end. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { finishedCycle, learningRateAt, rateProblem } from '#training/schedule.ts';

const cyclic = (steps: number, cycles: number, warmup = 0): Parameters<typeof learningRateAt>[0] => ({
  learningRate: 0.2,
  warmup,
  schedule: { kind: 'cyclic', steps, cycles },
});

test('half a cosine falls from the end of the warm-up to its floor at the last step, and stays there', () => {
  const schedule = { kind: 'cosine', steps: 25, floor: 0.1 } as const;
  const rates = [4, 5, 15, 25, 40].map((step) =>
    learningRateAt({ learningRate: 0.2, warmup: 5, schedule }, step),
  );
  [0.2, 0.2, 0.11, 0.02, 0.02].forEach((rate, i) => expect(rates[i]).toBeCloseTo(rate, 12));
});

test('cycles follow a0 / 2 (cos(pi mod(t - 1, ceil(T / M)) / ceil(T / M)) + 1), t from 1', () => {
  const rates = Array.from({ length: 10 }, (_, step) => learningRateAt(cyclic(10, 3), step));
  // ceil(10 / 3) = 4: a quarter of the cosine a step, and a third cycle cut short.
  const quarter = [0.2, 0.1 * (1 + Math.SQRT1_2), 0.1, 0.1 * (1 - Math.SQRT1_2)];
  [...quarter, ...quarter, ...quarter.slice(0, 2)].forEach((rate, step) =>
    expect(rates[step]).toBeCloseTo(rate, 12),
  );
});

test('the cycles share what the warm-up leaves', () => {
  const rates = [0, 4, 5, 10, 14].map((step) => learningRateAt(cyclic(25, 2, 5), step));
  [0.04, 0.2, 0.2, 0.1].forEach((rate, i) => expect(rates[i]).toBeCloseTo(rate, 12));
  expect(rates[4]).toBeCloseTo(0.1 * (1 + Math.cos(0.9 * Math.PI)), 12);
});

test.each([
  [10, 3, 0, [4, 8, 10]],
  [10, 5, 0, [2, 4, 6, 8, 10]],
  [25, 2, 5, [15, 25]],
  [3, 5, 0, [1, 2, 3]],
])(
  'of %d steps in %d cycles after %d of warm-up, cycles end after those of %j',
  (steps, cycles, warmup, ends) => {
    const all = Array.from({ length: steps + 1 }, (_, step) =>
      finishedCycle(cyclic(steps, cycles, warmup), step),
    );
    expect([...all.keys()].filter((step) => all[step] !== null)).toEqual(ends);
    expect(all.filter((cycle) => cycle !== null)).toEqual(ends.map((_, i) => i + 1));
  },
);

test('a run has as many cycles as it is asked for, or is refused with a number that it can have', () => {
  const numbers = [fc.integer({ min: 2, max: 300 }), fc.integer({ min: 1, max: 100 }), fc.nat(50)] as const;
  fc.assert(
    fc.property(...numbers, (steps, cycles, asked) => {
      const warmup = Math.min(asked, steps - 1);
      const rate = cyclic(steps, cycles, warmup);
      const ends = Array.from({ length: steps }, (_, i) => finishedCycle(rate, i + 1));
      const made = ends.filter((end) => end !== null).length;
      const problem = rateProblem(rate, steps);
      expect(problem === null).toBe(made === cycles);
      expect(problem?.message ?? '').toMatch(
        problem === null ? '' : cycles > steps ? 'more cycles than steps' : `give ${made}, `,
      );
      expect(rateProblem(cyclic(steps, made, warmup), steps)).toBeNull();
    }),
  );
});

test('other schedules have no cycles', () => {
  expect(finishedCycle({ learningRate: 1, warmup: 0, schedule: { kind: 'constant' } }, 5)).toBeNull();
});
