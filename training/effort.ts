/** How hard a net that is a differential equation thinks about the positions of games, and what goes along with it. */
import { mean } from 'simple-statistics';
import type { RawNet } from '#nets/inference/raw-opinion.ts';
import { entropy } from './entropy.ts';
import { foundGames } from './found-games.ts';
import type { GameFile } from './game-files.ts';
import { sideOf, testShares } from './holdout.ts';
import { partialRankCorrelation, rankCorrelation } from './rank-correlation.ts';

/** What is known of one position. */
type Seen = {
  /** Of the slope. */
  readonly evaluations: number;
  /** In nats; low where one move stands out. */
  readonly policyEntropy: number;
  /** 1 - |value|. */
  readonly doubt: number;
  readonly stones: number;
};

/** Spearman's coefficients with the number of evaluations, and beyond what both owe to the number of stones; NaN where none can be had. */
export type Correlation = { readonly alone: number; readonly atEqualStones: number };

export type Effort = {
  readonly positions: number;
  /** Mean number of evaluations of the slope. */
  readonly evaluations: number;
  /** Share of the positions that took each number. */
  readonly shares: Readonly<Record<number, number>>;
  readonly policyEntropy: Correlation;
  readonly doubt: Correlation;
  /** Alone. */
  readonly stones: number;
};

export type EffortOptions = {
  /** Share of games that training with this share keeps for tests; 1 takes all games. */
  readonly holdOut: number;
  /** Takes each n-th position of the games, which are much like those before them. */
  readonly every: number;
  /** Counts records that are left out, by reason. */
  readonly skipped: Map<string, number>;
  readonly onProgress?: (games: number, total: number) => void;
};

/** float64 [A]. */
function softmax(logits: Float32Array): Float64Array {
  const largest = Math.max(...logits);
  const weights = Float64Array.from(logits, (logit) => Math.exp(logit - largest));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

async function seenIn(net: RawNet, files: readonly GameFile[], options: EffortOptions): Promise<Seen[]> {
  const seen: Seen[] = [];
  let index = 0;
  const shares = testShares(options.holdOut);
  const found = foundGames(files, { ...options, sideOf: (hash) => sideOf(hash, shares) });
  for (const { positions } of found)
    for (const position of positions) {
      if (index++ % options.every !== 0) continue;
      const [{ evaluation, slopeEvaluations = NaN }] = await net.opinions(position, [0]);
      seen.push({
        evaluations: slopeEvaluations,
        policyEntropy: entropy(softmax(evaluation.policyLogits)),
        doubt: 1 - Math.abs(evaluation.valueToPlay),
        stones: position.board.stones.filter((stone) => stone !== 0).length,
      });
    }
  return seen;
}

/** @param net with a differential equation that is solved adaptively. @returns null where the files have no such game. */
export async function effortOnGames(
  net: RawNet,
  files: readonly GameFile[],
  options: EffortOptions,
): Promise<Effort | null> {
  const seen = await seenIn(net, files, options);
  if (seen.length === 0) return null;
  const column = (name: keyof Seen): number[] => seen.map((position) => position[name]);
  const [evaluations, stones] = [column('evaluations'), column('stones')];
  const withEvaluations = (name: keyof Seen): Correlation => ({
    alone: rankCorrelation(evaluations, column(name)),
    atEqualStones: partialRankCorrelation(evaluations, column(name), stones),
  });
  const shares: Record<number, number> = {};
  for (const count of evaluations) shares[count] = (shares[count] ?? 0) + 1 / seen.length;
  return {
    positions: seen.length,
    evaluations: mean(evaluations),
    shares,
    policyEntropy: withEvaluations('policyEntropy'),
    doubt: withEvaluations('doubt'),
    stones: rankCorrelation(evaluations, stones),
  };
}
