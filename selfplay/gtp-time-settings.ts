/** The time settings of GTP, KGS and KataGo, from text. */
import type { TimeControl } from '#engine/search/time-control.ts';
import { parseReal, parseWhole } from './gtp-answer.ts';

/** What `kata-time_settings` understands, in KataGo's words. */
export const TIME_SETTINGS = ['none', 'absolute', 'byoyomi', 'canadian', 'fischer', 'fischer-capped'];

/** Seconds as milliseconds; null for what is no time. */
function time(text: string | undefined): number | null {
  const seconds = parseReal(text);
  return seconds === null || seconds < 0 ? null : seconds * 1000;
}

/** A limit that is left out by a negative number. */
function limit(text: string | undefined): number | null {
  const seconds = parseReal(text);
  return seconds === null ? null : seconds < 0 ? Infinity : seconds * 1000;
}

/** GTP's `time_settings MAIN BYOYOMI STONES`; byo-yomi time without stones, or no time at all, is no limit. Null where the numbers are none. */
export function parseTimeSettings(args: readonly string[]): TimeControl | null {
  const [mainMs, periodMs, stones] = [time(args[0]), time(args[1]), parseWhole(args[2])];
  if (mainMs === null || periodMs === null || stones === null) return null;
  return mainMs + periodMs === 0 ? { kind: 'none' } : canadian(mainMs, periodMs, stones);
}

/** Periods without stones are no limit, and no time for any is absolute time. */
function canadian(mainMs: number, periodMs: number, stones: number): TimeControl {
  if (periodMs === 0) return { kind: 'absolute', mainMs };
  return stones === 0 ? { kind: 'none' } : { kind: 'canadian', mainMs, periodMs, stones };
}

/** `kgs-time_settings` and `kata-time_settings`: KIND and its numbers in seconds. Null where they are none. */
export function parseNamedTimeSettings([kind, ...args]: readonly string[]): TimeControl | null {
  if (kind === 'none') return { kind };
  const mainMs = time(args[0]);
  if (mainMs === null) return null;
  const periodMs = time(args[1]);
  const count = parseWhole(args[2]);
  switch (kind) {
    case 'absolute':
      return { kind, mainMs };
    case 'canadian':
      return periodMs === null || count === null ? null : canadian(mainMs, periodMs, count);
    case 'byoyomi':
      if (periodMs === null || count === null) return null;
      return count === 0
        ? { kind: 'absolute', mainMs }
        : { kind: 'byo-yomi', mainMs, periodMs, periods: count };
    case 'fischer':
      return periodMs === null
        ? null
        : { kind, mainMs, incrementMs: periodMs, mostMs: Infinity, moveMs: Infinity };
    case 'fischer-capped': {
      const [mostMs, moveMs] = [limit(args[2]), limit(args[3])];
      return periodMs === null || mostMs === null || moveMs === null || mostMs < mainMs
        ? null
        : { kind: 'fischer', mainMs, incrementMs: periodMs, mostMs, moveMs };
    }
    default:
      return null;
  }
}
