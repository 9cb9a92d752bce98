/** Clocks of Go games and how much of one a move may take: absolute, Canadian and Japanese byo-yomi, Fischer. */

export type TimeControl =
  | { readonly kind: 'none' }
  | { readonly kind: 'absolute'; readonly mainMs: number }
  /** After the main time, periods in each of which `stones` moves are to be made. */
  | { readonly kind: 'canadian'; readonly mainMs: number; readonly periodMs: number; readonly stones: number }
  /** After the main time, `periods` periods; one is lost only by a move that takes longer than it. */
  | {
      readonly kind: 'byo-yomi';
      readonly mainMs: number;
      readonly periodMs: number;
      readonly periods: number;
    }
  /** Every move adds to the clock, up to `mostMs`; no move may take longer than `moveMs`. Infinity where there is no such limit. */
  | {
      readonly kind: 'fischer';
      readonly mainMs: number;
      readonly incrementMs: number;
      readonly mostMs: number;
      readonly moveMs: number;
    };

/** One side's clock. */
export type Clock = {
  /** Of the main time, or of the present period; negative once it is overstepped. */
  readonly leftMs: number;
  /** Stones still to be played in this period (Canadian), or periods left with this one (Japanese); 0 in main time. */
  readonly overtime: number;
};

/** The clock at the start of a game; null where there is no limit. */
export function startClock(control: TimeControl): Clock | null {
  switch (control.kind) {
    case 'none':
      return null;
    case 'absolute':
    case 'fischer':
      return { leftMs: control.mainMs, overtime: 0 };
    case 'canadian':
      return control.mainMs > 0
        ? { leftMs: control.mainMs, overtime: 0 }
        : { leftMs: control.periodMs, overtime: control.stones };
    case 'byo-yomi':
      return control.mainMs > 0
        ? { leftMs: control.mainMs, overtime: 0 }
        : { leftMs: control.periodMs, overtime: control.periods };
  }
}

/** The clock after a move that took `spentMs`. */
export function clockAfterMove(clock: Clock, spentMs: number, control: TimeControl): Clock {
  const leftMs = clock.leftMs - spentMs;
  switch (control.kind) {
    case 'none':
    case 'absolute':
      return { leftMs, overtime: 0 };
    case 'fischer':
      return {
        leftMs: leftMs < 0 ? leftMs : Math.min(leftMs + control.incrementMs, control.mostMs),
        overtime: 0,
      };
    case 'canadian': {
      if (clock.overtime === 0 && leftMs > 0) return { leftMs, overtime: 0 };
      // The move in which the main time runs out is the first of the period.
      const period = clock.overtime > 0 ? leftMs : leftMs + control.periodMs;
      const stones = clock.overtime > 0 ? clock.overtime : control.stones;
      return period >= 0 && stones <= 1
        ? { leftMs: control.periodMs, overtime: control.stones }
        : { leftMs: period, overtime: Math.max(1, stones - 1) };
    }
    case 'byo-yomi': {
      if (clock.overtime === 0 && leftMs > 0) return { leftMs, overtime: 0 };
      let over = -leftMs;
      let periods = clock.overtime;
      if (periods === 0) {
        over -= control.periodMs;
        periods = control.periods;
      }
      for (; over > 0 && periods > 1; over -= control.periodMs) periods--;
      return { leftMs: over > 0 ? -over : control.periodMs, overtime: periods };
    }
  }
}

/** Milliseconds that may pass before the game is lost on time; Infinity without a limit. */
export function reserveMs(clock: Clock, control: TimeControl): number {
  const isMain = clock.overtime === 0;
  switch (control.kind) {
    case 'none':
      return Infinity;
    case 'absolute':
      return clock.leftMs;
    case 'fischer':
      return Math.min(clock.leftMs, control.moveMs);
    case 'canadian':
      return clock.leftMs + (isMain ? control.periodMs : 0);
    case 'byo-yomi':
      return clock.leftMs + control.periodMs * (isMain ? control.periods : clock.overtime - 1);
  }
}

/**
 * How long the next move may take: an even share of what is left for the moves it is left for, but never less than every
 * later move will have for certain (its increment, its period, its part of a period). The buffer is kept back of that, but no
 * more than half of it (KataGo's applyLagBuffer), and the whole buffer of all that may pass before the game is lost.
 * @param movesToEnd moves that this side will still make, at least 1.
 * @param bufferMs kept back: for the way to the controller, and for a search that does not stop at once.
 * @returns milliseconds, whole, at least 0; Infinity without a limit.
 */
export function moveBudgetMs(
  clock: Clock,
  control: TimeControl,
  movesToEnd: number,
  bufferMs: number,
): number {
  const { leftMs, overtime } = clock;
  const share = leftMs / Math.max(1, movesToEnd);
  const isMain = overtime === 0;
  let budget: number;
  switch (control.kind) {
    case 'none':
      return Infinity;
    case 'absolute':
      budget = share;
      break;
    case 'fischer':
      budget = share + control.incrementMs;
      break;
    case 'canadian':
      budget = isMain ? Math.max(share, control.periodMs / control.stones) : leftMs / overtime;
      break;
    case 'byo-yomi':
      budget = isMain ? Math.max(share, control.periodMs) : leftMs;
      break;
  }
  const kept = Math.max(budget - bufferMs, budget / 2);
  return Math.max(0, Math.floor(Math.min(kept, reserveMs(clock, control) - bufferMs)));
}
