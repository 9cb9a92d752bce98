/** When a run has learned what it can: once its loss on what was held out falls no more (Prechelt 1998). */
import { heldOutName } from './measure.ts';
import type { Metrics } from './run-folder.ts';

/** Losses that a run may be stopped by: what is minimised, or a term of what nets play by. */
export const MONITORS = ['total', 'policy', 'value', 'score', 'ownership'] as const;

type StoppingConfig = {
  readonly every: number;
  readonly steps: number;
  /** Measurements without a lower loss after which it is over; null for never, and then no measurement is the best. */
  readonly patience: number | null;
  readonly monitor: (typeof MONITORS)[number];
};

/**
 * Reads everything from the metrics, so that a run that was interrupted decides like one that was not. Only measurements at
 * multiples of `every` and at the end count: those made because of an interruption do not.
 */
export class EarlyStopping {
  private readonly config: StoppingConfig;
  private best: { readonly step: number; readonly loss: number } | null = null;
  /** Measurements since the best. */
  private since = 0;

  constructor(config: StoppingConfig) {
    this.config = config;
  }

  /** A sentence where a measurement lacks the loss that is waited for, or null. */
  unknownIn(metrics: Metrics): string | null {
    const { patience, monitor } = this.config;
    if (patience === null || heldOutName(monitor) in metrics) return null;
    return `field monitor: the ${monitor} of none of the examples that are held out is known; name another loss`;
  }

  /** @returns whether the loss is the lowest so far, so that the net is worth keeping. */
  add(metrics: Metrics): boolean {
    const { every, steps, patience, monitor } = this.config;
    const { step, [heldOutName(monitor)]: loss } = metrics;
    const counts = step % every === 0 || step === steps;
    if (patience === null || loss === undefined || !counts) return false;
    const isBest = this.best === null || loss < this.best.loss;
    if (isBest) this.best = { step, loss };
    this.since = isBest ? 0 : this.since + 1;
    return isBest;
  }

  /** Of the lowest loss so far; null where there is none. */
  get bestStep(): number | null {
    return this.best?.step ?? null;
  }

  get isOver(): boolean {
    return this.config.patience !== null && this.since >= this.config.patience;
  }
}
