/** Which of the backends that work is taken. */
import { expect, test } from 'vitest';
import type { BackendName } from '#nets/backend/backends.ts';
import { fastest } from '#nets/backend/choose.ts';
import type { Trial } from '#nets/backend/choose.ts';

const trial = (name: BackendName, positionsPerSecond: number, problem: string | null = null): Trial => ({
  name,
  description: null,
  problem,
  positionsPerSecond,
  evaluationsPerSecond: 0,
});
const taken = (...trials: Trial[]): BackendName | undefined => fastest(trials)?.name;

test('the fastest is taken, and of those about as fast the one that is preferred, whatever noise there is', () => {
  expect(taken(trial('wasm', 1000), trial('torch', 850))).toBe('torch');
  expect(taken(trial('wasm', 1000), trial('torch', 1900))).toBe('torch');
  expect(taken(trial('torch', 700), trial('wasm', 1000))).toBe('wasm');
});

test('one that computes wrongly or not at all is not taken however fast it is', () => {
  const wrong = trial('torch', 9000, 'it computes wrongly');
  expect(taken(wrong, trial('wasm', 100), trial('webgpu', 0, 'no adapter'))).toBe('wasm');
  expect(taken(wrong)).toBeUndefined();
});
