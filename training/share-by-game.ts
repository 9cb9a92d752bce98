/** A share of positions, and how sure it is where those of one game resemble each other. */
import type { Interval } from '#selfplay/statistics.ts';
import { studentBound } from './student.ts';

type Game = { readonly hits: number; readonly positions: number };

export class ShareByGame {
  private readonly games: Game[] = [];

  add(game: Game): void {
    this.games.push(game);
  }

  private sum(of: (game: Game) => number): number {
    return this.games.reduce((total, game) => total + of(game), 0);
  }

  /** p = sum of hits / sum of positions; NaN without any. */
  get share(): number {
    return this.sum(({ hits }) => hits) / this.sum(({ positions }) => positions);
  }

  /**
   * p +- t sqrt(v) with 95% confidence for games of the same kind, v = G / (G - 1) sum of (hits - p positions)^2 / (sum of
   * positions)^2 over the G games (Cochran 1977, section 3.12) and t Student's with G - 1 degrees of freedom.
   * @returns null for fewer than two games.
   */
  get interval(): Interval | null {
    const [count, share] = [this.games.length, this.share];
    if (count < 2) return null;
    const squares = this.sum(({ hits, positions }) => (hits - share * positions) ** 2);
    const error = Math.sqrt((count / (count - 1)) * squares) / this.sum(({ positions }) => positions);
    const half = studentBound(0.95, count - 1) * error;
    return { low: Math.max(0, share - half), high: Math.min(1, share + half) };
  }
}
