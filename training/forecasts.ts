/** How good the probabilities are that one or several nets give to answers, and how far the nets agree. */
import { entropy } from './entropy.ts';

/** Of the forecasts of one net, or of the mean of several. */
export type Reliability = {
  /** Share whose likeliest answer is right. */
  readonly accuracy: number;
  /** Mean of -ln of the probability of the right answer. */
  readonly nll: number;
  /** Expected calibration error, see `Tally`. */
  readonly ece: number;
};

/** Of the mean of the nets. */
export type ForecastQuality = Reliability & {
  readonly forecasts: number;
  /** Of each net alone, or of each draw or view of one. */
  readonly members: readonly Reliability[];
  /** The mean of theirs, which `nll` is never above (Jensen's inequality). */
  readonly memberNll: number;
  /** Mean disagreement in nats, 0 for one net: what is uncertain because the nets differ, not because each is in doubt. */
  readonly disagreement: number;
};

/** Bins of confidence; 15 in Guo et al. 2017. */
const BINS = 15;
/** Stands in for probability 0. */
export const LEAST_PROBABILITY = 1e-30;

/** The calibration error is sum over bins of confidence |B| / n |accuracy(B) - confidence(B)| (Guo et al. 2017, eq. 3). */
class Tally {
  private readonly counts = new Float64Array(BINS);
  private readonly hits = new Float64Array(BINS);
  private readonly confidences = new Float64Array(BINS);
  private nll = 0;

  /** @param forecast float32 [answers], which sum to 1. @param answer the right one. */
  add(forecast: Float32Array, answer: number): void {
    const confidence = forecast.reduce((a, b) => Math.max(a, b));
    const bin = Math.min(BINS - 1, Math.floor(confidence * BINS));
    this.counts[bin]++;
    this.confidences[bin] += confidence;
    if (forecast.indexOf(confidence) === answer) this.hits[bin]++;
    this.nll -= Math.log(Math.max(forecast[answer], LEAST_PROBABILITY));
  }

  get count(): number {
    return sum(this.counts);
  }

  /** NaN without forecasts. */
  get reliability(): Reliability {
    const { count } = this;
    const gaps = this.hits.map((hits, bin) => Math.abs(hits - this.confidences[bin]));
    return { accuracy: sum(this.hits) / count, nll: this.nll / count, ece: sum(gaps) / count };
  }
}

/** Adds up forecasts of one net, or of several and of their mean. */
export class Forecasts {
  private readonly together = new Tally();
  private members: readonly Tally[] = [];
  private disagreement = 0;

  /** @param members float32 [answers] of each net, one or more, as many each time, which sum to 1. @param answer the right one. */
  add(members: readonly Float32Array[], answer: number): void {
    if (this.members.length === 0) this.members = members.map(() => new Tally());
    const mean = members[0].map(
      (_, i) => members.reduce((total, member) => total + member[i], 0) / members.length,
    );
    this.together.add(mean, answer);
    for (const [i, member] of members.entries()) {
      this.members[i].add(member, answer);
      this.disagreement -= entropy(member) / members.length;
    }
    // The mutual information between answer and net (Depeweg et al. 2018, eq. 5).
    this.disagreement += entropy(mean);
  }

  /** NaN without forecasts. */
  get quality(): ForecastQuality {
    const { count, reliability } = this.together;
    const members = this.members.map((member) => member.reliability);
    return {
      forecasts: count,
      ...reliability,
      members,
      memberNll: sum(members.map(({ nll }) => nll)) / members.length,
      disagreement: Math.max(0, this.disagreement / count),
    };
  }
}

function sum(values: Iterable<number>): number {
  return [...values].reduce((a, b) => a + b, 0);
}
