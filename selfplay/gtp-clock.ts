/** GTP's clock: main time, then periods of byo-yomi in which a number of stones is to be played (Canadian). */

/** Times in seconds, as GTP gives them; `stones` 0 while in main time. */
export type Clock = { readonly left: number; readonly stones: number };

export type TimeSettings = { readonly main: number; readonly byoYomi: number; readonly stones: number };

/** Seconds kept back for the time a move takes to reach the controller. */
const LAG = 0.2;
const LEAST_BUDGET_MS = 20;

/** The clock at the start of a game, or null where there is no limit (GTP: byo-yomi time without stones). */
export function startClock({ main, byoYomi, stones }: TimeSettings): Clock | null {
  if (byoYomi > 0 && stones === 0) return null;
  if (main > 0) return { left: main, stones: 0 };
  return byoYomi > 0 ? { left: byoYomi, stones } : null;
}

/** The clock after a move that took `seconds`, for controllers that do not send `time_left`. */
export function afterMove(clock: Clock, seconds: number, settings: TimeSettings): Clock {
  const left = clock.left - seconds;
  const period = { left: settings.byoYomi, stones: settings.stones };
  if (clock.stones === 0) return left > 0 || settings.byoYomi === 0 ? { left, stones: 0 } : period;
  return clock.stones > 1 ? { left, stones: clock.stones - 1 } : period;
}

/**
 * Milliseconds for the next move: an even share of the period's time, or of the main time over the moves that a
 * player still makes, taken as a third of the empty points but at least ten.
 */
export function moveBudgetMs(clock: Clock, emptyPoints: number): number {
  const moves = clock.stones > 0 ? clock.stones : Math.max(10, emptyPoints / 3);
  return Math.max(LEAST_BUDGET_MS, Math.floor((1000 * (clock.left - LAG)) / moves));
}
