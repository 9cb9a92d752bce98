/** The clocks of both players of a GTP game, and the time settings of GTP, KGS and KataGo as text. */
import { BLACK, WHITE } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { clockAfterMove, moveBudgetMs, startClock } from '#engine/search/time-control.ts';
import type { Clock, TimeControl } from '#engine/search/time-control.ts';
import { parseReal, parseWhole } from './gtp-answer.ts';

/** Kept back for the time a move takes to reach the controller. Our choice: ample on one machine. */
const LAG_MS = 200;
/** What is left of an overrun in the buffer after each further move. Our choice. */
const OVERRUN_DECAY = 0.9;
/** Moves that a player still makes: a share of the empty points, but at least so many. Our choice. */
const REMAINING_SHARE = 1 / 3;
const LEAST_REMAINING = 10;

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
  if ((periodMs > 0 && stones === 0) || mainMs + periodMs === 0) return { kind: 'none' };
  return periodMs === 0 || stones === 0
    ? { kind: 'absolute', mainMs }
    : { kind: 'canadian', mainMs, periodMs, stones };
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
      return periodMs === null || count === null || count === 0
        ? null
        : { kind, mainMs, periodMs, stones: count };
    case 'byoyomi':
      return periodMs === null || count === null || count === 0
        ? null
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

/** The clocks of both players; without settings nobody is short of time. */
export class GtpClocks {
  /** Null until there are settings: then what `time_left` says is all that is known. */
  private control: TimeControl | null = null;
  private readonly clocks = new Map<Color, Clock>();
  /** By how much moves take longer than they were given: the largest, fading. */
  private overrunMs = 0;

  set(control: TimeControl): void {
    this.control = control;
    this.restart();
  }

  /** For a new game. */
  restart(): void {
    this.clocks.clear();
    const clock = this.control === null ? null : startClock(this.control);
    if (clock !== null) for (const color of [BLACK, WHITE] as const) this.clocks.set(color, clock);
  }

  /** What the controller says is left. @param stones in this period, or periods left (Japanese); 0 in main time. */
  correct(color: Color, leftSeconds: number, stones: number): void {
    const leftMs = leftSeconds * 1000;
    this.control ??=
      stones === 0
        ? { kind: 'absolute', mainMs: leftMs }
        : { kind: 'canadian', mainMs: 0, periodMs: leftMs, stones };
    if (this.control.kind === 'none') return;
    const hasOvertime = this.control.kind === 'canadian' || this.control.kind === 'byo-yomi';
    this.clocks.set(color, { leftMs, overtime: hasOvertime ? stones : 0 });
  }

  /** Takes a move's time off, for controllers that do not send `time_left`. @param budgetMs what it was given. */
  spend(color: Color, spentMs: number, budgetMs: number): void {
    const clock = this.clocks.get(color);
    if (clock === undefined || this.control === null) return;
    this.overrunMs = Math.max(spentMs - budgetMs, this.overrunMs * OVERRUN_DECAY);
    this.clocks.set(color, clockAfterMove(clock, spentMs, this.control));
  }

  /** Milliseconds for the next move; Infinity without a limit. */
  budgetMs(color: Color, emptyPoints: number): number {
    const clock = this.clocks.get(color);
    if (clock === undefined || this.control === null) return Infinity;
    const movesToEnd = Math.max(LEAST_REMAINING, emptyPoints * REMAINING_SHARE);
    return moveBudgetMs(clock, this.control, movesToEnd, LAG_MS + Math.max(0, this.overrunMs));
  }
}
