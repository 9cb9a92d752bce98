/** The random generator. */
import { expect, test } from 'vitest';
import { makeRng } from '#engine/go/random.ts';

test('the same seed gives the same sequence, another seed another', () => {
  const draw = (seed: number): number[] => {
    const rng = makeRng(seed);
    return Array.from({ length: 50 }, () => rng.nextFloat());
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('whole numbers fall evenly over their range', () => {
  const rng = makeRng(1);
  const counts = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 100_000; i++) counts[rng.nextInt(10)]++;
  // Expected 10,000 each with standard deviation 95; 500 is more than five of them.
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});
