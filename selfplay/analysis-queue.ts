/** Turns that wait to be analysed and those under analysis, a number of them at a time. */

export type Job = {
  readonly id: string;
  readonly turn: number;
  /** The highest is begun first; of equals the one added first. */
  readonly priority: number;
  /** Resolves when it is answered; never rejects. @param stop aborts where the analysis is to end with what it has. */
  readonly run: (stop: AbortSignal) => Promise<void>;
  /** Answers in its place where it was never begun. */
  readonly cancel: () => void;
};

export class AnalysisQueue {
  /** How many are analysed at once. */
  private readonly slots: number;
  private waiting: Job[] = [];
  private readonly running = new Map<Job, AbortController>();
  private readonly idle: (() => void)[] = [];

  constructor(slots: number) {
    this.slots = slots;
  }

  add(jobs: readonly Job[]): void {
    this.waiting.push(...jobs);
    this.start();
  }

  /** Cancels the waiting jobs and stops the running ones that `matches` holds for. */
  end(matches: (job: Job) => boolean): void {
    const { waiting } = this;
    this.waiting = waiting.filter((job) => !matches(job));
    for (const job of waiting) if (matches(job)) job.cancel();
    for (const [job, stop] of this.running) if (matches(job)) stop.abort();
  }

  /** Resolves once nothing waits or runs. */
  whenIdle(): Promise<void> {
    return this.waiting.length + this.running.size === 0
      ? Promise.resolve()
      : new Promise((resolve) => this.idle.push(resolve));
  }

  private start(): void {
    while (this.running.size < this.slots && this.waiting.length > 0) {
      const first = this.waiting.reduce((best, job) => (job.priority > best.priority ? job : best));
      this.waiting.splice(this.waiting.indexOf(first), 1);
      void this.run(first);
    }
    if (this.waiting.length + this.running.size === 0) for (const resolve of this.idle.splice(0)) resolve();
  }

  private async run(job: Job): Promise<void> {
    const stop = new AbortController();
    this.running.set(job, stop);
    await job.run(stop.signal);
    this.running.delete(job);
    this.start();
  }
}
