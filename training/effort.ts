/** How hard a net that is a differential equation thinks about the positions of games, and what goes along with it. */
import { mean } from 'simple-statistics';
import { makeRng } from '#engine/go/random.ts';
import { legalPolicy } from '#engine/search/legal-policy.ts';
import type { RawNet } from '#nets/inference/raw-opinion.ts';
import type { Interval } from '#selfplay/statistics.ts';
import { bootstrap95 } from './bootstrap.ts';
import { entropy } from './entropy.ts';
import { foundGames } from './found-games.ts';
import type { GameFile } from './game-files.ts';
import { sideOf, testShares } from './holdout.ts';
import { partialRankCorrelation, rankCorrelation } from './rank-correlation.ts';

/** Of all intervals, so that all are over the same draws of games. */
const BOOTSTRAP_SEED = 1;

/** What is known of one position. */
type Seen = {
  /** Of the slope. */
  readonly evaluations: number;
  /** In nats, over the legal moves; low where one stands out. */
  readonly policyEntropy: number;
  /** 1 - |value|. */
  readonly doubt: number;
  readonly stones: number;
};

/** Spearman's coefficient with the number of evaluations; NaN where none can be had. */
export type Correlation = {
  readonly value: number;
  /** With 95% confidence for other games of the same kind; null where nothing tells. */
  readonly interval: Interval | null;
};

/** By itself, and beyond what both owe to the number of stones. */
export type Correlations = { readonly alone: Correlation; readonly atEqualStones: Correlation };

export type Effort = {
  readonly positions: number;
  /** Mean number of evaluations of the slope. */
  readonly evaluations: number;
  /** Share of the positions that took each number. */
  readonly shares: Readonly<Record<number, number>>;
  readonly policyEntropy: Correlations;
  readonly doubt: Correlations;
  readonly stones: Correlation;
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

/** By game; of each at least one position. */
async function seenIn(net: RawNet, files: readonly GameFile[], options: EffortOptions): Promise<Seen[][]> {
  const games: Seen[][] = [];
  let index = 0;
  const shares = testShares(options.holdOut);
  const found = foundGames(files, { ...options, sideOf: (hash) => sideOf(hash, shares) });
  for (const { positions } of found) {
    const seen: Seen[] = [];
    for (const position of positions) {
      if (index++ % options.every !== 0) continue;
      const [{ evaluation, slopeEvaluations = NaN }] = await net.opinions(position, [0]);
      seen.push({
        evaluations: slopeEvaluations,
        policyEntropy: entropy(legalPolicy(evaluation.policyLogits, position)),
        doubt: 1 - Math.abs(evaluation.valueToPlay),
        stones: position.board.stones.filter((stone) => stone !== 0).length,
      });
    }
    if (seen.length > 0) games.push(seen);
  }
  return games;
}

const columnOf = (seen: readonly Seen[], name: keyof Seen): number[] =>
  seen.map((position) => position[name]);

/** @param net with a differential equation that is solved adaptively. @returns null where the files have no such game. */
export async function effortOnGames(
  net: RawNet,
  files: readonly GameFile[],
  options: EffortOptions,
): Promise<Effort | null> {
  const games = await seenIn(net, files, options);
  if (games.length === 0) return null;
  const seen = games.flat();
  const over = (statistic: (seen: readonly Seen[]) => number): Correlation => ({
    value: statistic(seen),
    interval: bootstrap95(games, statistic, makeRng(BOOTSTRAP_SEED)),
  });
  const alone = (name: keyof Seen): Correlation =>
    over((of) => rankCorrelation(columnOf(of, 'evaluations'), columnOf(of, name)));
  const atEqualStones = (name: keyof Seen): Correlation =>
    over((of) =>
      partialRankCorrelation(columnOf(of, 'evaluations'), columnOf(of, name), columnOf(of, 'stones')),
    );
  const both = (name: keyof Seen): Correlations => ({
    alone: alone(name),
    atEqualStones: atEqualStones(name),
  });
  const evaluations = columnOf(seen, 'evaluations');
  const shares: Record<number, number> = {};
  for (const count of evaluations) shares[count] = (shares[count] ?? 0) + 1 / seen.length;
  return {
    positions: seen.length,
    evaluations: mean(evaluations),
    shares,
    policyEntropy: both('policyEntropy'),
    doubt: both('doubt'),
    stones: alone('stones'),
  };
}
