/** When a run is over by its losses on what was held out, without training one. */
import { expect, test } from 'vitest';
import { EarlyStopping } from '#training/early-stopping.ts';

/** Whether each loss is the best so far, at these steps of a run of 25 that measures every 10. */
function bests(losses: readonly [step: number, loss: number][], patience: number | null = 2) {
  const stopping = new EarlyStopping({ every: 10, steps: 25, patience, monitor: 'total' });
  const best = losses.map(([step, loss]) => stopping.add({ step, heldOutTotal: loss }));
  return { best, bestStep: stopping.bestStep, isOver: stopping.isOver };
}

test('a loss that is only as low as the best is no better, and wears patience out', () => {
  expect(bests([[0, 2], [10, 2], [20, 2]])).toEqual({ best: [true, false, false], bestStep: 0, isOver: true }); // prettier-ignore
});

test('measurements count at multiples of every and at the end, and no others', () => {
  expect(bests([[10, 2], [13, 1], [25, 1.5]])).toEqual({ best: [true, false, true], bestStep: 25, isOver: false }); // prettier-ignore
});

test('a measurement without the loss that is waited for is told of by the field', () => {
  const waiting = { every: 10, steps: 25, patience: 1, monitor: 'score' } as const;
  const [blind, without] = [waiting, { ...waiting, patience: null }].map(
    (config) => new EarlyStopping(config),
  );
  expect(blind.unknownIn({ step: 10, heldOutScore: 1 })).toBeNull();
  expect(blind.unknownIn({ step: 10, heldOutTotal: 1 })).toBe(
    'field monitor: the score of none of the examples that are held out is known; name another loss',
  );
  expect(without.unknownIn({ step: 10 })).toBeNull();
});

test('without patience nothing is the best and nothing is over', () => {
  expect(bests([[10, 2], [20, 3]], null)).toEqual({ best: [false, false], bestStep: null, isOver: false }); // prettier-ignore
});

test('the loss that is monitored decides, whatever the others do', () => {
  const stopping = new EarlyStopping({ every: 10, steps: 25, patience: 1, monitor: 'policy' });
  const losses = [
    { step: 10, heldOutTotal: 3, heldOutPolicy: 2, heldOutValue: 0.9 },
    { step: 20, heldOutTotal: 4, heldOutPolicy: 1, heldOutValue: 3 },
    { step: 25, heldOutTotal: 2, heldOutPolicy: 1.5, heldOutValue: 0.5 },
  ];
  expect(losses.map((loss) => stopping.add(loss))).toEqual([true, true, false]);
  expect(stopping).toMatchObject({ bestStep: 20, isOver: true });
});
