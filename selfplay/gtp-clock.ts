/** The clocks of both players of a GTP game. */
import { BLACK, WHITE } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';
import { clockAfterMove, moveBudgetMs, startClock } from '#engine/search/time-control.ts';
import type { Clock, TimeControl } from '#engine/search/time-control.ts';

/** Kept back for the time a move takes to reach the controller, where nobody says. Our choice: ample on one machine. */
const LAG_MS = 200;
/** By how much moves are taken to overrun before there has been one: the first runs code that is not compiled yet. Our choice. */
const FIRST_OVERRUN_MS = 150;
/** What is left of an overrun in the buffer after each further move. Our choice. */
const OVERRUN_DECAY = 0.9;
/** Moves that a player still makes: a share of the empty points, but at least so many. Our choice. */
const REMAINING_SHARE = 1 / 3;
const LEAST_REMAINING = 10;

/** The clocks of both players; without settings nobody is short of time. */
export class GtpClocks {
  /** Null until there are settings: then what `time_left` says is all that is known. */
  private control: TimeControl | null = null;
  private readonly clocks = new Map<Color, Clock>();
  /** By how much moves take longer than they were given: the largest, fading. */
  private overrunMs = FIRST_OVERRUN_MS;
  private readonly lagMs: number;

  constructor(lagMs = LAG_MS) {
    this.lagMs = lagMs;
  }

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

  /** Milliseconds for the next move, of which `goneMs` have passed already; Infinity without a limit. */
  budgetMs(color: Color, emptyPoints: number, goneMs: number): number {
    const clock = this.clocks.get(color);
    if (clock === undefined || this.control === null) return Infinity;
    const movesToEnd = Math.max(LEAST_REMAINING, emptyPoints * REMAINING_SHARE);
    const bufferMs = this.lagMs + Math.max(0, this.overrunMs);
    return Math.max(0, moveBudgetMs(clock, this.control, movesToEnd, bufferMs) - goneMs);
  }
}
