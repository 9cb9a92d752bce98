/** How long a study may still take. */
import { expect, test } from 'vitest';
import { planRuns } from '#training/study/plan.ts';
import { Study } from '#training/study/study-file.ts';
import { StudyClock } from '#training/study/time-left.ts';

test('runs to come take as long as one of the same net, or else as runs do on average; those that were there say nothing', () => {
  const study = Study.parse({
    title: '',
    data: 'games',
    seeds: [1, 2],
    nets: ['there', 'quick', 'slow'].map((name) => ({ name, options: { net: '1x4' } })),
  });
  const plan = planRuns(study, { out: 'out', data: { kind: 'games', files: ['a'] }, commit: undefined });
  if (!plan.ok) throw new Error(plan.message);
  let seconds = 0;
  const clock = new StudyClock(plan.runs, () => 1000 * seconds);
  clock.begin(0);
  clock.begin(1);
  seconds = 5;
  // Each of the four to come as the 20 seconds of this one.
  expect(clock.left(15)).toBe(15 + 4 * 20);
  seconds = 22;
  clock.begin(2);
  seconds = 42;
  // 22 for the other of quick, 60 for that of slow, 41 for that of the net whose first run was there.
  expect(clock.left(40)).toBe(40 + 41 + 22 + 60);
});
