/** How well the owners of points are named: a segmentation of the board into Black's points and White's. */

export type SegmentationQuality = {
  /** Share of owned points whose owner is named. */
  readonly accuracy: number;
  /** The same within the last moves of games; NaN without any. */
  readonly accuracyLate: number;
  /** Points of a player that are named his, of all that are his or named his: mean of both players (Long et al. 2015, section 5). */
  readonly meanIou: number;
};

type Counts = { points: number; named: number };

const share = ({ points, named }: Counts): number => named / points;

export class Segmentation {
  private readonly all: Counts = { points: 0, named: 0 };
  private readonly late: Counts = { points: 0, named: 0 };
  /** For Black and White: points that are both, and points that are either, his and named his. */
  private readonly both = [0, 0];
  private readonly either = [0, 0];

  /**
   * @param opinion [points]: above 0 names Black, else White. @param owners [points]: 1 Black, -1 White, 0 nobody, whoever is named.
   * @param isLate whether it is one of the last moves.
   */
  add(opinion: ArrayLike<number>, owners: ArrayLike<number>, isLate: boolean): void {
    for (let p = 0; p < owners.length; p++) {
      const [owner, named] = [owners[p], opinion[p] > 0 ? 1 : -1];
      [1, -1].forEach((player, k) => {
        if (owner === player && named === player) this.both[k]++;
        if (owner === player || named === player) this.either[k]++;
      });
      if (owner === 0) continue;
      for (const counts of isLate ? [this.all, this.late] : [this.all]) {
        counts.points++;
        if (named === owner) counts.named++;
      }
    }
  }

  /** Null where no point was owned. */
  get quality(): SegmentationQuality | null {
    if (this.all.points === 0) return null;
    const [black, white] = this.both.map((both, k) => both / Math.max(1, this.either[k]));
    return { accuracy: share(this.all), accuracyLate: share(this.late), meanIou: (black + white) / 2 };
  }
}
