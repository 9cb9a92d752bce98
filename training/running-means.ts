/** Means of figures by name since they were last taken. */
export class RunningMeans {
  private sums: Record<string, number> = {};
  private count = 0;

  /** @param figures the same names each time. @param weight how much they count. */
  add(figures: Readonly<Record<string, number>>, weight = 1): void {
    for (const [name, figure] of Object.entries(figures))
      this.sums[name] = (this.sums[name] ?? 0) + weight * figure;
    this.count += weight;
  }

  /** The means, which begin anew; no names where nothing was added. */
  take(): Record<string, number> {
    const means = Object.entries(this.sums).map(([name, sum]) => [name, sum / this.count] as const);
    [this.sums, this.count] = [{}, 0];
    return Object.fromEntries(means);
  }
}
