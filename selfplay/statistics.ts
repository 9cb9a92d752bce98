/** How strong a match says two players are: win rate and Elo with 95% intervals. */
import { Z95, eloOf } from './rating/elo.ts';

export type Interval = { readonly low: number; readonly high: number };

export type MatchStatistics = {
  readonly games: number;
  readonly wins: number;
  readonly losses: number;
  readonly draws: number;
  /** (wins + draws / 2) / games, in [0, 1]; NaN without games. */
  readonly rate: number;
  readonly rate95: Interval;
  /** Elo difference; infinite where one side has all the points. */
  readonly elo: number;
  readonly elo95: Interval;
};

/**
 * Wilson's score interval: (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n) (Wilson 1927).
 * @param successes in [0, trials], not necessarily whole. @returns [0, 1] without trials.
 */
export function wilson95(successes: number, trials: number): Interval {
  if (trials === 0) return { low: 0, high: 1 };
  const p = successes / trials;
  const z2 = Z95 * Z95;
  const center = p + z2 / (2 * trials);
  const spread = Z95 * Math.sqrt((p * (1 - p)) / trials + z2 / (4 * trials * trials));
  const scale = 1 + z2 / trials;
  // Rounding must not leave an open end where every game was won or lost.
  return {
    low: successes === 0 ? 0 : Math.max(0, (center - spread) / scale),
    high: successes === trials ? 1 : Math.min(1, (center + spread) / scale),
  };
}

/** @param points of the first player, one a game: 1, 0.5 or 0. */
export function matchStatistics(points: readonly number[]): MatchStatistics {
  const count = (value: number): number => points.filter((point) => point === value).length;
  const total = points.reduce((a, b) => a + b, 0);
  const rate = total / points.length;
  const rate95 = wilson95(total, points.length);
  return {
    games: points.length,
    wins: count(1),
    losses: count(0),
    draws: count(0.5),
    rate,
    rate95,
    elo: eloOf(rate),
    elo95: { low: eloOf(rate95.low), high: eloOf(rate95.high) },
  };
}

function signed(elo: number): string {
  if (!Number.isFinite(elo)) return elo > 0 ? '+infinity' : '-infinity';
  return `${elo >= 0 ? '+' : ''}${Math.round(elo)}`;
}

/** "31 wins, 9 losses, 0 draws; 77.5% (95%: 62.5% to 87.7%); Elo +215 (+88 to +341)". */
export function formatStatistics(statistics: MatchStatistics): string {
  const { games, wins, losses, draws, rate, rate95, elo, elo95 } = statistics;
  if (games === 0) return 'no finished games';
  const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
  return [
    `${wins} wins, ${losses} losses, ${draws} draws`,
    `${percent(rate)} (95%: ${percent(rate95.low)} to ${percent(rate95.high)})`,
    `Elo ${signed(elo)} (${signed(elo95.low)} to ${signed(elo95.high)})`,
  ].join('; ');
}
