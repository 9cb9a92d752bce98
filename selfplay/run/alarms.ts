/** What is wrong with a run, told from the files that it leaves: one sentence each. */
import type { LiveState, MetricsLine } from './run-lines.ts';

/** A run at work replaces live.json every two seconds or so; after this long it hangs or was killed. */
const STALL_MS = 60_000;

function isAtWork({ state }: LiveState): boolean {
  return state === 'starting' || state === 'playing' || state === 'judging';
}

/** "a minute", "12 minutes", "5 hours", "3 days": coarse, so that a sentence stays the same for a while. */
function roughly(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 2) return 'a minute';
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}

/**
 * @param metrics the newest line of the metrics, or null.
 * @param now milliseconds since 1970, by the clock of the machine that trains.
 */
export function alarmsOf(live: LiveState | null, metrics: MetricsLine | null, now: number): string[] {
  const alarms: string[] = [];
  if (live !== null && isAtWork(live) && now - live.at > STALL_MS)
    alarms.push(
      `Nothing has been heard from this run for ${roughly(now - live.at)}, though it did not say that it stopped: it hangs or was killed.`,
    );
  if (live?.state === 'failed') alarms.push('The run has failed; its last words are in its terminal.');
  const broken = Object.entries(metrics ?? {}).flatMap(([name, value]) => (value === null ? [name] : []));
  if (broken.length > 0)
    alarms.push(
      `At step ${metrics?.step}: ${broken.join(', ')} ${broken.length === 1 ? 'is' : 'are'} not a finite number.`,
    );
  return [...(live?.alarms ?? []), ...alarms];
}
