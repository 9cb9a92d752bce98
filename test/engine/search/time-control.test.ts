/** Clocks and what a move may take of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockAfterMove, moveBudgetMs, reserveMs, startClock } from '#engine/search/time-control.ts';
import type { Clock, TimeControl } from '#engine/search/time-control.ts';

const ms = fc.oneof(fc.constant(0), fc.nat(100_000), fc.nat(3_600_000));
const some = fc.integer({ min: 1, max: 25 });
const control: fc.Arbitrary<TimeControl> = fc.oneof(
  fc.record({ kind: fc.constant('absolute' as const), mainMs: ms }),
  fc.record({ kind: fc.constant('canadian' as const), mainMs: ms, periodMs: ms, stones: some }),
  fc.record({ kind: fc.constant('byo-yomi' as const), mainMs: ms, periodMs: ms, periods: some }),
  fc.record({
    kind: fc.constant('fischer' as const),
    mainMs: ms,
    incrementMs: ms,
    mostMs: fc.oneof(ms, fc.constant(Infinity)),
    moveMs: fc.oneof(ms, fc.constant(Infinity)),
  }),
);
/** A clock that this control can show. */
const timed = control.chain((rules) =>
  fc.record({
    rules: fc.constant(rules),
    clock: fc.record({
      leftMs: fc.integer({ min: -10_000, max: 3_600_000 }),
      overtime: rules.kind === 'canadian' || rules.kind === 'byo-yomi' ? fc.nat(25) : fc.constant(0),
    }),
  }),
);
const moves = fc.integer({ min: 1, max: 300 });
const buffer = fc.integer({ min: 0, max: 5000 });
/** Of moves, in percent of the buffer. */
const lates = fc.array(fc.oneof(fc.nat(100), fc.constant(100)), { maxLength: 200, size: 'max' });

test('no budget is more than what may pass before the game is lost, less the buffer, or below 0', () => {
  fc.assert(
    fc.property(timed, moves, buffer, ({ rules, clock }, movesToEnd, bufferMs) => {
      const budget = moveBudgetMs(clock, rules, movesToEnd, bufferMs);
      expect(budget).toBeGreaterThanOrEqual(0);
      expect(budget).toBeLessThanOrEqual(Math.max(0, reserveMs(clock, rules) - bufferMs));
      expect(Number.isInteger(budget)).toBe(true);
    }),
  );
});

test('with more time left no budget is smaller', () => {
  fc.assert(
    fc.property(timed, ms, moves, buffer, ({ rules, clock }, more, movesToEnd, bufferMs) => {
      const longer = { ...clock, leftMs: clock.leftMs + more };
      expect(moveBudgetMs(longer, rules, movesToEnd, bufferMs)).toBeGreaterThanOrEqual(
        moveBudgetMs(clock, rules, movesToEnd, bufferMs),
      );
    }),
  );
});

test('whoever plays by the budgets, late by no more than the buffer, never loses on time', () => {
  fc.assert(
    fc.property(control, buffer, lates, (rules, bufferMs, lates) => {
      // Nobody can keep the rule where a move's share is less than twice the buffer, of which half is kept back.
      const share = 2 * bufferMs;
      const isKept = {
        none: () => true,
        absolute: () => rules.kind === 'absolute' && rules.mainMs >= 201 * share,
        canadian: () => rules.kind === 'canadian' && rules.periodMs >= rules.stones * share,
        'byo-yomi': () => rules.kind === 'byo-yomi' && rules.periodMs >= share,
        fischer: () =>
          rules.kind === 'fischer' && Math.min(rules.incrementMs, rules.mostMs, rules.moveMs) >= share,
      };
      fc.pre(isKept[rules.kind]());
      fc.pre(rules.kind === 'none' || rules.mainMs >= share || (rules.mainMs === 0 && 'periodMs' in rules));
      let clock = startClock(rules);
      for (const [i, percent] of lates.entries()) {
        if (clock === null) throw new Error('a limit has a clock');
        const left = lates.length - i;
        const spent = moveBudgetMs(clock, rules, left, bufferMs) + Math.floor((bufferMs * percent) / 100);
        expect(spent).toBeLessThanOrEqual(reserveMs(clock, rules));
        clock = clockAfterMove(clock, spent, rules);
        expect(clock.leftMs).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

const canadian: TimeControl = { kind: 'canadian', mainMs: 60_000, periodMs: 30_000, stones: 3 };
const japanese: TimeControl = { kind: 'byo-yomi', mainMs: 60_000, periodMs: 10_000, periods: 3 };
const fischer: TimeControl = {
  kind: 'fischer',
  mainMs: 60_000,
  incrementMs: 5000,
  mostMs: 61_000,
  moveMs: Infinity,
};

test.each<[string, TimeControl, Clock, number, Clock]>([
  ['main time goes down', canadian, { leftMs: 60_000, overtime: 0 }, 10_000, { leftMs: 50_000, overtime: 0 }],
  [
    'the move that ends the main time is the first of the period',
    canadian,
    { leftMs: 5000, overtime: 0 },
    10_000,
    { leftMs: 25_000, overtime: 2 },
  ],
  [
    'the last stone brings a new period',
    canadian,
    { leftMs: 5000, overtime: 1 },
    4000,
    { leftMs: 30_000, overtime: 3 },
  ],
  [
    'a period kept is whole again',
    japanese,
    { leftMs: 10_000, overtime: 3 },
    9000,
    { leftMs: 10_000, overtime: 3 },
  ],
  [
    'a move of two periods and a half loses two',
    japanese,
    { leftMs: 10_000, overtime: 3 },
    25_000,
    { leftMs: 10_000, overtime: 1 },
  ],
  [
    'main time runs over into the first period',
    japanese,
    { leftMs: 5000, overtime: 0 },
    12_000,
    { leftMs: 10_000, overtime: 3 },
  ],
  [
    'the increment is added up to the cap',
    fischer,
    { leftMs: 60_000, overtime: 0 },
    1000,
    { leftMs: 61_000, overtime: 0 },
  ],
  [
    'time overstepped stays overstepped',
    fischer,
    { leftMs: 1000, overtime: 0 },
    2000,
    { leftMs: -1000, overtime: 0 },
  ],
])('%s', (_, rules, before, spent, after) => {
  expect(clockAfterMove(before, spent, rules)).toEqual(after);
});

test.each<[string, TimeControl, Clock, number]>([
  ['an even share of what is left', { kind: 'absolute', mainMs: 0 }, { leftMs: 64_000, overtime: 0 }, 3000],
  ['a share and the increment', fischer, { leftMs: 24_000, overtime: 0 }, 6000],
  ['main time that is short counts on the period', japanese, { leftMs: 10_000, overtime: 0 }, 9800],
  ['the whole period in byo-yomi', japanese, { leftMs: 10_000, overtime: 1 }, 9800],
  ['an even part of the period', canadian, { leftMs: 20_400, overtime: 2 }, 10_000],
  ['nothing where the buffer is all there is', canadian, { leftMs: 150, overtime: 2 }, 0],
  ['no limit', { kind: 'none' }, { leftMs: 0, overtime: 0 }, Infinity],
])('with 20 moves to come a move gets %s', (_, rules, clock, budget) => {
  expect(moveBudgetMs(clock, rules, 20, 200)).toBe(budget);
});
