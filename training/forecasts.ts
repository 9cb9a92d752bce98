/** How good the probabilities are that one or several nets give to answers, and how far the nets agree. */
import { entropy } from './entropy.ts';

export type ForecastQuality = {
  readonly forecasts: number;
  /** Share whose likeliest answer is right. */
  readonly accuracy: number;
  /** Mean of -ln of the probability of the right answer: of the mean of the nets, and on average of each alone, which is never less (Jensen's inequality). */
  readonly nll: number;
  readonly memberNll: number;
  /** Expected calibration error of the mean, see `Forecasts`. */
  readonly ece: number;
  /** Mean disagreement in nats, 0 for one net: what is uncertain because the nets differ, not because each is in doubt. */
  readonly disagreement: number;
};

/** Bins of confidence; 15 in Guo et al. 2017. */
const BINS = 15;
/** Stands in for probability 0. */
export const LEAST_PROBABILITY = 1e-30;

/** Adds forecasts up. The calibration error is sum over bins of confidence |B| / n |accuracy(B) - confidence(B)| (Guo et al. 2017, eq. 3). */
export class Forecasts {
  private readonly counts = new Float64Array(BINS);
  private readonly hits = new Float64Array(BINS);
  private readonly confidences = new Float64Array(BINS);
  private nll = 0;
  private memberNll = 0;
  private disagreement = 0;

  /** @param members float32 [answers] of each net, one or more, which sum to 1. @param answer the right one. */
  add(members: readonly Float32Array[], answer: number): void {
    const mean = members[0].map(
      (_, i) => members.reduce((sum, member) => sum + member[i], 0) / members.length,
    );
    const confidence = mean.reduce((a, b) => Math.max(a, b));
    const bin = Math.min(BINS - 1, Math.floor(confidence * BINS));
    this.counts[bin]++;
    this.confidences[bin] += confidence;
    if (mean.indexOf(confidence) === answer) this.hits[bin]++;
    this.nll -= Math.log(Math.max(mean[answer], LEAST_PROBABILITY));
    for (const member of members) {
      this.memberNll -= Math.log(Math.max(member[answer], LEAST_PROBABILITY)) / members.length;
      this.disagreement -= entropy(member) / members.length;
    }
    // The mutual information between answer and net (Depeweg et al. 2018, eq. 5).
    this.disagreement += entropy(mean);
  }

  /** NaN without forecasts. */
  get quality(): ForecastQuality {
    const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);
    const count = sum(this.counts);
    const gaps = this.hits.map((hits, bin) => Math.abs(hits - this.confidences[bin]));
    return {
      forecasts: count,
      accuracy: sum(this.hits) / count,
      nll: this.nll / count,
      memberNll: this.memberNll / count,
      ece: sum(gaps) / count,
      disagreement: Math.max(0, this.disagreement / count),
    };
  }
}
