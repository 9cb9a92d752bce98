/** Means of figures by name since they were last taken. */
export class RunningMeans {
  private sums: Record<string, number> = {};
  private weights: Record<string, number> = {};

  /** @param weightOf how much a figure counts; one that counts for nothing is as if it were not there. */
  add(figures: Readonly<Record<string, number>>, weightOf: (name: string) => number = () => 1): void {
    for (const [name, figure] of Object.entries(figures)) {
      const weight = weightOf(name);
      if (weight === 0) continue;
      this.sums[name] = (this.sums[name] ?? 0) + weight * figure;
      this.weights[name] = (this.weights[name] ?? 0) + weight;
    }
  }

  /** The means, which begin anew; no names of which nothing was added. */
  take(): Record<string, number> {
    const means = Object.entries(this.sums).map(([name, sum]) => [name, sum / this.weights[name]] as const);
    [this.sums, this.weights] = [{}, {}];
    return Object.fromEntries(means);
  }
}
