/** How many positions are learned from at a time, by how many there have been. */

export type WindowShape = {
  /** Positions up to which the window holds all of them. KataGo's 250,000 for 19x19. */
  readonly smallest: number;
  /** Of the power law by which it grows from then on. KataGo's 0.75. */
  readonly exponent: number;
  /** Positions that it grows by for each new one at first. KataGo's 0.4. */
  readonly growth: number;
};

/** N = c (1 + beta ((total / c)^alpha - 1) / alpha), or all where there are fewer than c (Wu 2019, appendix C). */
export function windowPositions(total: number, { smallest, exponent, growth }: WindowShape): number {
  if (total <= smallest) return total;
  return Math.floor(smallest * (1 + (growth * ((total / smallest) ** exponent - 1)) / exponent));
}
