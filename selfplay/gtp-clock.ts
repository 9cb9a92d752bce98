/** GTP's clock: main time, then periods of byo-yomi in which a number of stones is to be played (Canadian). */
import { BLACK, WHITE } from '#engine/go/color.ts';
import type { Color } from '#engine/go/color.ts';

/** As GTP gives it; `stones` 0 while in main time. */
export type Clock = { readonly leftSeconds: number; readonly stones: number };

export type TimeSettings = {
  readonly mainSeconds: number;
  readonly byoYomiSeconds: number;
  readonly stones: number;
};

/** Kept back for the time a move takes to reach the controller. Our choice: ample on one machine. */
const LAG_SECONDS = 0.2;
/** A search begun with less would find nothing. Our choice. */
const LEAST_BUDGET_MS = 20;
/** Moves that a player still makes: a share of the empty points, but at least so many. Our choice. */
const REMAINING_SHARE = 1 / 3;
const LEAST_REMAINING = 10;

/** The clock at the start of a game, or null where there is no limit (GTP: byo-yomi time without stones). */
function startClock({ mainSeconds, byoYomiSeconds, stones }: TimeSettings): Clock | null {
  if (byoYomiSeconds > 0 && stones === 0) return null;
  if (mainSeconds > 0) return { leftSeconds: mainSeconds, stones: 0 };
  return byoYomiSeconds > 0 ? { leftSeconds: byoYomiSeconds, stones } : null;
}

function afterMove(clock: Clock, seconds: number, settings: TimeSettings): Clock {
  const leftSeconds = clock.leftSeconds - seconds;
  const period = { leftSeconds: settings.byoYomiSeconds, stones: settings.stones };
  if (clock.stones === 0)
    return leftSeconds > 0 || settings.byoYomiSeconds === 0 ? { leftSeconds, stones: 0 } : period;
  return clock.stones > 1 ? { leftSeconds, stones: clock.stones - 1 } : period;
}

/** The clocks of both players; without settings nobody is short of time. */
export class GtpClocks {
  private settings: TimeSettings | null = null;
  private readonly clocks = new Map<Color, Clock>();

  set(settings: TimeSettings): void {
    this.settings = settings;
    this.restart();
  }

  /** For a new game. */
  restart(): void {
    this.clocks.clear();
    const clock = this.settings === null ? null : startClock(this.settings);
    if (clock !== null) for (const color of [BLACK, WHITE] as const) this.clocks.set(color, clock);
  }

  /** What the controller says is left. */
  correct(color: Color, clock: Clock): void {
    this.clocks.set(color, clock);
  }

  /** Takes a move's time off, for controllers that do not send `time_left`. */
  spend(color: Color, ms: number): void {
    const clock = this.clocks.get(color);
    if (clock !== undefined && this.settings !== null)
      this.clocks.set(color, afterMove(clock, ms / 1000, this.settings));
  }

  /** Milliseconds for the next move, or null without a limit: an even share of the time for the moves it is for. */
  budgetMs(color: Color, emptyPoints: number): number | null {
    const clock = this.clocks.get(color);
    if (clock === undefined) return null;
    const moves = clock.stones > 0 ? clock.stones : Math.max(LEAST_REMAINING, emptyPoints * REMAINING_SHARE);
    return Math.max(LEAST_BUDGET_MS, Math.floor((1000 * (clock.leftSeconds - LAG_SECONDS)) / moves));
  }
}
