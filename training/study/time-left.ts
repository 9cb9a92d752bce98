/** How long a study may still take, by how long its runs have taken. */
import { mean } from 'simple-statistics';
import type { PlannedRun } from './plan.ts';

export class StudyClock {
  private readonly plan: readonly PlannedRun[];
  /** Milliseconds since any fixed moment. */
  private readonly now: () => number;
  /** Seconds that runs of a net took, the latest by the net's name. */
  private readonly taken = new Map<string, number>();
  private index = 0;
  private begun = 0;
  private isTrained = false;

  constructor(plan: readonly PlannedRun[], now: () => number) {
    this.plan = plan;
    this.now = now;
  }

  /** The run of this index begins, and the one before it has ended. */
  begin(index: number): void {
    // Runs that were there take no time, which says nothing of others.
    if (this.isTrained) this.taken.set(this.plan[this.index].net.name, this.seconds());
    [this.index, this.begun, this.isTrained] = [index, this.now(), false];
  }

  /**
   * Seconds until the end of the study: a run to come takes as long as one of the same net did, or else as runs do on average.
   * @param etaSeconds until the end of the run that has begun.
   */
  left(etaSeconds: number): number {
    this.isTrained = true;
    const { net } = this.plan[this.index];
    const known = new Map(this.taken).set(net.name, this.seconds() + etaSeconds);
    const usual = mean([...known.values()]);
    const toCome = this.plan.slice(this.index + 1).map(({ net: { name } }) => known.get(name) ?? usual);
    return toCome.reduce((sum, seconds) => sum + seconds, etaSeconds);
  }

  private seconds(): number {
    return (this.now() - this.begun) / 1000;
  }
}
