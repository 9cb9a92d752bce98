/** Elo differences and the shares of points that they predict. */

/** Elo points in one unit of log odds. */
export const ELO_PER_NAT = 400 / Math.LN10;

/** The 97.5% quantile of the normal distribution: half the width of a 95% interval in standard deviations. */
export const Z95 = 1.959963984540054;

/** The Elo difference at which the expected share of points is `rate`: 400 log10(p / (1 - p)); infinite at 0 and 1. */
export function eloOf(rate: number): number {
  return 400 * Math.log10(rate / (1 - rate));
}

/** The expected share of points, in (0, 1), of a player that is `elo` stronger: 1 / (1 + 10^(-elo / 400)). */
export function rateOf(elo: number): number {
  return 1 / (1 + 10 ** (-elo / 400));
}
