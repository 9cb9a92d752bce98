/** Telling of a run that cannot be written. */
import { expect, test } from 'vitest';
import { RunProgress } from '#training/zero/progress.ts';
import { liveTeller } from '../../cli/train/live-teller.ts';

test('a failed write of live.json is noted once, and once more when it works again', () => {
  const notes: string[] = [];
  let isFull = false;
  const write = (): void => {
    if (isFull) throw Object.assign(new Error(), { code: 'ENOSPC', path: 'run/live.json' });
  };
  const tell = liveTeller(write, (sentence) => void notes.push(sentence));
  for (isFull of [false, true, true, false, false, true]) tell(new RunProgress(() => 0).read(0));
  const full = 'run/live.json: the disk is full (ENOSPC); meanwhile the run goes on untold';
  expect(notes).toEqual([full, 'live.json is written again.', full]);
});
