/** What every way to train shares: one trainer a folder, Ctrl-C, and the commit. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { ReadingReport } from '#training/data-reader.ts';
import { lockRefusal, lockRun } from '#training/run-lock.ts';
import { CliError, EXIT, tellLeftOut } from '../common.ts';
import { makeProgress } from '../progress.ts';
import type { Progress } from '../progress.ts';

/** @throws CliError where another trainer is at work in the folder. */
export function refuseLocked(folder: string): void {
  const refusal = lockRefusal(folder);
  if (refusal !== null) throw new CliError(EXIT.unavailable, refusal);
}

/**
 * Keeps other trainers out of a folder that exists, until this process ends.
 * @param absent a file that was not there before, and that only another trainer can have made since.
 */
export function claim(folder: string, absent?: string): void {
  const lock = lockRun(folder);
  if (!lock.ok) throw new CliError(EXIT.unavailable, lock.message);
  process.on('exit', lock.release);
  if (lock.note !== null) process.stderr.write(`${lock.note}\n`);
  if (absent !== undefined && existsSync(absent))
    throw new CliError(EXIT.unavailable, `${folder}: another trainer began a run here just now`);
}

/** Progress while games are read, and what is left out. */
export function reportReading(): ReadingReport & { readonly stop: () => void } {
  const { update, stop } = makeProgress('reading games {value}/{total}');
  const onSkipped = (count: number, reason: string): void => {
    stop();
    tellLeftOut(count, reason);
  };
  const onNote = (sentence: string): void => {
    stop();
    process.stderr.write(`${sentence}\n`);
  };
  return { onProgress: update, onSkipped, onNote, stop };
}

/** Progress while a sampler's net looks at the positions of games, which ends with a CliError where it should stop. */
export function reportPreparing(shouldStop: () => boolean): Progress {
  const progress = makeProgress('looking at positions to draw {value}/{total}');
  const update = (value: number, total: number): void => {
    progress.update(value, total);
    if (!shouldStop()) return;
    progress.stop();
    throw new CliError(
      EXIT.interrupted,
      'Stopped before all positions were looked at; the same command goes on.',
    );
  };
  return { update, stop: progress.stop };
}

export type Interruption = {
  readonly signal: AbortSignal;
  /** Lets Ctrl-C end the process again, as work that does not wait for anything cannot heed the signal. */
  readonly release: () => void;
};

/** Aborts at the first Ctrl-C; the second ends the process. @param saying what happens now. */
export function interruption(saying: string): Interruption {
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    process.stderr.write(`\n${saying}; press Ctrl-C again to stop at once\n`);
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.on(name, onInterrupt);
  const release = (): void => {
    for (const name of signals) process.removeListener(name, onInterrupt);
  };
  return { signal: controller.signal, release };
}

/** The commit this program runs from, or undefined outside a git checkout. */
export function currentCommit(): string | undefined {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    }).trim();
  } catch {
    return undefined;
  }
}
