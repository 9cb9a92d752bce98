/** Everything a net says of a position, also what no search asks for. */
import type { PositionView } from '#engine/go/view.ts';
import type { Evaluation } from '#engine/search/evaluator.ts';
import { SCORE_SCALE } from '../architectures/net.ts';
import { FEATURE_SETS } from '../features/feature-set.ts';
import type { NetFile } from '../file.ts';
import { BatchBuffer, allocateBatch } from './batch-buffer.ts';
import { openSession } from './session.ts';
import type { SessionOptions } from './session.ts';

export type RawOpinion = {
  readonly evaluation: Evaluation;
  /** How often the slope of the net's differential equation was evaluated; missing without one that is solved adaptively. */
  readonly slopeEvaluations?: number;
  /** What only KataGo's heads say; null for ours. All for the side to move. */
  readonly heads: {
    /** Probabilities that sum to 1. */
    readonly win: number;
    readonly loss: number;
    readonly noResult: number;
    /** Expected score of self-play, which cares less for points than the lead does, and of its square. */
    readonly scoreMean: number;
    readonly scoreMeanSquare: number;
    /** Moves until the outcome is clear, as a variance. */
    readonly varianceTime: number;
    /** How far value and score (in points) will be from where a short search puts them; NaN before version 9. */
    readonly valueError: number;
    readonly scoreError: number;
  } | null;
};

export type RawNet = {
  opinions(position: PositionView, symmetries: readonly number[]): Promise<RawOpinion[]>;
  close(): Promise<void>;
};

/** Opens a session of its own, because a search's has none of the outputs that it does not ask for. */
export async function openRawNet(net: NetFile, options: SessionOptions = {}): Promise<RawNet> {
  const session = await openSession(net, { ...options, raw: true });
  const features = FEATURE_SETS[net.spec.featureSet];
  const opinions = async (position: PositionView, symmetries: readonly number[]): Promise<RawOpinion[]> => {
    const buffer = new BatchBuffer(features, allocateBatch(features, symmetries.length));
    for (const symmetry of symmetries) buffer.add(position, symmetry);
    const output = await session.run(buffer.input());
    const { outcome, scoreMean, varianceTime, valueError, scoreError } = output.raw ?? {};
    return buffer.take(output).map((evaluation, i): RawOpinion => {
      const { evaluations } = output;
      const seen = { evaluation, ...(evaluations === undefined ? {} : { slopeEvaluations: evaluations[i] }) };
      if (outcome === undefined) return { ...seen, heads: null };
      const [win, loss, noResult] = outcome.subarray(3 * i, 3 * i + 3);
      const mean = scoreMean[i] * SCORE_SCALE;
      const heads = {
        win,
        loss,
        noResult,
        scoreMean: mean,
        scoreMeanSquare: mean ** 2 + evaluation.scoreStdev ** 2,
        varianceTime: varianceTime[i],
        valueError: valueError?.[i] ?? NaN,
        scoreError: (scoreError?.[i] ?? NaN) * SCORE_SCALE,
      };
      return { ...seen, heads };
    });
  };
  return { opinions, close: () => session.close() };
}
