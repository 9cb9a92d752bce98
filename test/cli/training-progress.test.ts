/** What a log is told of training: now and then how far it is, and each measurement. */
import { expect, test } from 'vitest';
import { trainingLines } from '../../cli/train/training-progress.ts';

test('a log has a line every half a minute, and one for each measurement, of all runs together', () => {
  let seconds = 0;
  const lines: string[] = [];
  const update = trainingLines(
    (line) => lines.push(line),
    () => 1000 * seconds,
  );
  const status = (step: number, more: Record<string, number> = {}): Parameters<typeof update>[0] => ({
    metrics: { step, totalLoss: 2.5, ...more },
    examplesPerSecond: 99.6,
    etaSeconds: 40,
  });
  for (seconds = 0; seconds <= 60; seconds += 10) update(status(seconds), 100);
  update(status(61, { policyLoss: 1.25, heldOutAccuracy: 0.5 }), 100);
  update(status(50), 200);
  seconds += 30;
  update(status(100), 200);
  expect(lines).toEqual([
    'step 0/100  40 s left  loss 2.500  100 examples/s\n',
    'step 30/100  40 s left  loss 2.500  100 examples/s\n',
    'step 60/100  40 s left  loss 2.500  100 examples/s\n',
    'step 61/100  40 s left  loss 2.500  policy 1.250  held-out top-1 50.0%  100 examples/s\n',
    'step 100/200  40 s left  loss 2.500  100 examples/s\n',
  ]);
});
