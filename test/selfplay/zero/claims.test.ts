/** Who plays which game. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Claims, allocateClaims } from '#selfplay/zero/claims.ts';

test('whatever threads take, finish and leave behind, every game is finished once and none is taken twice at a time', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { maxLength: 12 }),
      fc.infiniteStream(fc.record({ thread: fc.nat(2), does: fc.constantFrom('take', 'finish', 'die') })),
      (indices, events) => {
        const memory = allocateClaims(indices);
        const views = [0, 1, 2].map(() => new Claims(memory));
        const held = [0, 1, 2].map((): number[] => []);
        const done = new Set<number>();
        for (const { thread, does } of events) {
          if (does === 'take') {
            const game = views[thread].take(thread);
            if (game !== null) {
              expect(done.has(game) || held.flat().includes(game)).toBe(false);
              held[thread].push(game);
            } else if (held.flat().length === 0) break;
          } else if (does === 'finish') {
            const game = held[thread].shift();
            if (game !== undefined) done.add(game);
          } else {
            expect(views[0].release(thread, done)).toBe(held[thread].length > 0);
            held[thread].length = 0;
          }
        }
        expect([...done].sort((a, b) => a - b)).toEqual(indices.toSorted((a, b) => a - b));
      },
    ),
    { numRuns: 50 },
  );
});

test('counts of all threads come together', () => {
  const memory = allocateClaims([1]);
  const [a, b] = [new Claims(memory), new Claims(memory)];
  a.countMove();
  b.countMove();
  a.countBatch(3, 1.5);
  b.countBatch(5, 0.5);
  expect(a.counts).toEqual({ moves: 2, evaluations: 8, batches: 2, waitMs: 2 });
});
