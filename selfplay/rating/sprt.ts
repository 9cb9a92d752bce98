/** Which of two hypotheses about the difference of two players holds, asked after every pair of games. */
import { rateOf } from './elo.ts';

export type SprtBounds = {
  /** The first player is stronger by `elo0` (H0) or by `elo1` (H1), in logistic Elo; elo0 < elo1. */
  readonly elo0: number;
  readonly elo1: number;
  /** Probabilities of accepting H1 where H0 holds, and H0 where H1 holds, in (0, 0.5). */
  readonly alpha: number;
  readonly beta: number;
};

export type SprtState = {
  /** Log likelihood ratio of H1 to H0 in nats. */
  readonly llr: number;
  /** Wald's bounds: at or below `lower` H0 is accepted, at or above `upper` H1. */
  readonly lower: number;
  readonly upper: number;
  readonly decision: 'continue' | 'H0' | 'H1';
};

/** Stands for an outcome that was never seen, so that both hypotheses stay possible; Fishtest's. */
const UNSEEN = 1e-3;
/** Halvings of the interval in which t is sought: its width is then 1e-15 of what it was. */
const HALVINGS = 50;

/**
 * Wald's sequential probability ratio test (Wald 1945), generalised: the outcomes' distribution is not known, so each
 * hypothesis is represented by the likeliest distribution with its mean (Van den Bergh, "The generalized SPRT for
 * trinomial and pentanomial distributions", as Stockfish's Fishtest uses it).
 * @param counts how often each outcome was seen; the outcomes are worth 0, 1 / (n - 1), ..., 1 point. Three for single
 *   games (lost, drawn, won), five for pairs of games that share an opening, whose results depend on each other.
 */
export function sprt(counts: readonly number[], { elo0, elo1, alpha, beta }: SprtBounds): SprtState {
  const lower = Math.log(beta / (1 - alpha));
  const upper = Math.log((1 - beta) / alpha);
  const llr = counts.every((count) => count === 0)
    ? 0
    : logLikelihoodRatio(
        counts.map((count) => (count === 0 ? UNSEEN : count)),
        rateOf(elo0),
        rateOf(elo1),
      );
  return { llr, lower, upper, decision: llr >= upper ? 'H1' : llr <= lower ? 'H0' : 'continue' };
}

/** Sum over outcomes of n_i log(p1_i / p0_i), where p0 and p1 are the likeliest distributions with those means. */
function logLikelihoodRatio(counts: readonly number[], mean0: number, mean1: number): number {
  const under0 = likeliest(counts, mean0);
  const under1 = likeliest(counts, mean1);
  return counts.reduce((sum, count, i) => sum + count * Math.log(under1[i] / under0[i]), 0);
}

/**
 * The distribution with the given mean that makes the counts likeliest: p_i = f_i / (1 + t (x_i - mean)), f_i the
 * frequencies and x_i the points, where t makes the mean right (Van den Bergh, Proposition 1.1).
 * @param counts all positive. @param mean in (0, 1).
 */
function likeliest(counts: readonly number[], mean: number): number[] {
  const total = counts.reduce((a, b) => a + b, 0);
  const offsets = counts.map((_, i) => i / (counts.length - 1) - mean);
  const meanOffset = (t: number): number =>
    counts.reduce((sum, count, i) => sum + ((count / total) * offsets[i]) / (1 + t * offsets[i]), 0);
  // It falls from +infinity to -infinity where all probabilities are positive.
  let low = -1 / (1 - mean);
  let high = 1 / mean;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (meanOffset(middle) > 0) low = middle;
    else high = middle;
  }
  const t = (low + high) / 2;
  return counts.map((count, i) => count / total / (1 + t * offsets[i]));
}
