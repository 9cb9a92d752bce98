/** The SPRT of a match as its games come in. */
import { sprt } from './sprt.ts';
import type { SprtBounds, SprtState } from './sprt.ts';

/** Outcomes of a pair of games, in half points of the first player. */
const PAIR_OUTCOMES = 5;

/**
 * Games 2k and 2k + 1 of a match share their opening and are one observation. Pairs are looked at in their own order
 * whatever order they end in: the decision is then a function of the games, and long games count like short ones.
 */
export class SequentialTest {
  readonly bounds: SprtBounds;
  /** Points of the first player by the game's number, for games beyond those counted. */
  private readonly waiting = new Map<number, number>();
  private readonly counts: number[] = Array<number>(PAIR_OUTCOMES).fill(0);
  private counted = 0;
  private current: SprtState;

  constructor(bounds: SprtBounds) {
    this.bounds = bounds;
    this.current = sprt(this.counts, bounds);
  }

  /** The games that `state` rests on are those before this number. */
  get games(): number {
    return this.counted;
  }

  get state(): SprtState {
    return this.current;
  }

  /** How often a pair gave 0, 1/2, 1, 3/2 and 2 points. */
  get pairs(): readonly number[] {
    return this.counts;
  }

  /** @param index of a game, from 0. @param points of the first player: 1, 0.5 or 0. */
  add(index: number, points: number): void {
    this.waiting.set(index, points);
    while (this.current.decision === 'continue') {
      const one = this.waiting.get(this.counted);
      const other = this.waiting.get(this.counted + 1);
      if (one === undefined || other === undefined) return;
      this.counts[2 * (one + other)]++;
      this.counted += 2;
      this.current = sprt(this.counts, this.bounds);
    }
  }
}

/** "SPRT of 0 against 50 Elo: undecided, LLR 1.20 of -2.94 to 2.94". */
export function formatSprt({ bounds, state }: SequentialTest): string {
  const verdict = {
    continue: 'undecided',
    H0: `${bounds.elo0} accepted`,
    H1: `${bounds.elo1} accepted`,
  }[state.decision];
  const [llr, lower, upper] = [state.llr, state.lower, state.upper].map((each) => each.toFixed(2));
  return `SPRT of ${bounds.elo0} against ${bounds.elo1} Elo: ${verdict}, LLR ${llr} of ${lower} to ${upper}`;
}
