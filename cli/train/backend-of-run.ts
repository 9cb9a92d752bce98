/** On what a run computes when it goes on: where it can, what it began with, or its bytes would depend on when it was stopped. */
import { BACKENDS } from '#nets/backend/backends.ts';
import { startTensors, type BackendFlags } from '../backend-options.ts';

/**
 * Starts the backend that is asked for; for `auto` the one that the run began with, if it still computes here.
 * @param before as `start` told it then; undefined for a new run.
 */
export async function startAsBefore(
  flags: BackendFlags,
  before: string | undefined,
  start: (flags: BackendFlags) => Promise<string> = startTensors,
): Promise<string> {
  const name = BACKENDS.find((each) => before?.startsWith(`${each}:`));
  if (name === undefined || flags.backend !== 'auto' || flags.device !== undefined) return start(flags);
  try {
    return await start({ ...flags, backend: name });
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return start(flags);
  }
}

/** What is no longer promised of a run that began with something else, or null. */
export function backendChange(before: string | undefined, now: string): string | null {
  return before === undefined || before === now
    ? null
    : `This run began with ${before}, and goes on with ${now}, which may round in another way: it need not come to the same bytes as a run without this change.`;
}

/** As `startAsBefore`; a change is told on stderr. */
export async function startTelling(flags: BackendFlags, before: string | undefined): Promise<string> {
  const now = await startAsBefore(flags, before);
  const change = backendChange(before, now);
  if (change !== null) process.stderr.write(`${change}\n`);
  return now;
}
