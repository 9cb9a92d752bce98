/** How well nets predict game records: policy, value and ownership against what happened. */
import { signFor } from '#engine/go/color.ts';
import type { Position } from '#engine/go/position.ts';
import { meanEvaluation } from '#engine/search/ensemble.ts';
import { evaluateAll } from '#engine/search/evaluator.ts';
import type { Evaluator } from '#engine/search/evaluator.ts';
import { legalPolicy } from '#engine/search/legal-policy.ts';
import type { Interval } from '#selfplay/statistics.ts';
import { Forecasts } from './forecasts.ts';
import type { ForecastQuality } from './forecasts.ts';
import { foundGames } from './found-games.ts';
import type { GameFile } from './game-files.ts';
import { sideOf, testShares } from './holdout.ts';
import { Segmentation } from './segmentation.ts';
import type { SegmentationQuality } from './segmentation.ts';
import { ShareByGame } from './share-by-game.ts';

export type Accuracy = {
  readonly games: number;
  readonly positions: number;
  /** Shares of positions whose played move is the net's first, or among its first five; the former with its 95% interval, see `ShareByGame`. */
  readonly top1: number;
  readonly top1Interval: Interval | null;
  readonly top5: number;
  /** Of the probabilities of legal moves. */
  readonly policy: ForecastQuality;
  /** Over positions of games with a winner or draw: mean of (value - outcome)^2, and how often the sign is right. */
  readonly valueMse: number;
  readonly valueSign: number;
  readonly valueSignInterval: Interval | null;
  /** How often it would be right to name the colour that won more often. */
  readonly majority: number;
  /** Final owners of points, and mean error of the score in points, where records prove them; null where none does. */
  readonly ownership: SegmentationQuality | null;
  readonly scoreError: number | null;
};

class Mean {
  private sum = 0;
  private count = 0;
  add(value: number | boolean): void {
    this.sum += Number(value);
    this.count++;
  }
  get(): number {
    return this.count === 0 ? NaN : this.sum / this.count;
  }
  isEmpty(): boolean {
    return this.count === 0;
  }
}

/** Moves at the end of a game that its late positions are before. */
const LATE = 30;

export type EvaluateOptions = {
  /** Share of games that training with this share keeps for tests; 1 takes all games. */
  readonly holdOut: number;
  /** Of the eight of the board, how many a position is evaluated under, whose mean is measured (Krizhevsky et al. 2012, section 4.1, of crops of images); default 1. */
  readonly symmetries?: number;
  /** Counts records that are left out, by reason. */
  readonly skipped: Map<string, number>;
  readonly onProgress?: (games: number, total: number) => void;
};

/** Rank of `move` among the legal moves by logit, 0 = first; ties count in its favour. */
function rankOf(position: Position, logits: Float32Array, move: number): number {
  let rank = 0;
  for (let m = 0; m < logits.length; m++) if (logits[m] > logits[move] && position.isLegal(m)) rank++;
  return rank;
}

/**
 * Evaluates every position of the chosen games; records that do not parse or replay are counted and left out.
 * @param members one net, or several whose mean is measured.
 */
export async function evaluateOnGames(
  members: readonly Evaluator[],
  files: readonly GameFile[],
  options: EvaluateOptions,
): Promise<Accuracy> {
  const [top5, valueMse, blackWon, scoreError] = Array.from({ length: 4 }, () => new Mean());
  const [top1, valueSign] = [new ShareByGame(), new ShareByGame()];
  const ownership = new Segmentation();
  const policy = new Forecasts();
  const shares = testShares(options.holdOut);
  const symmetries = Array.from({ length: options.symmetries ?? 1 }, (_, symmetry) => symmetry);
  let games = 0;
  let positions = 0;
  for (const found of foundGames(files, { ...options, sideOf: (hash) => sideOf(hash, shares) })) {
    const { targets } = found;
    const asked = symmetries.map((symmetry) => found.positions.map((position) => ({ position, symmetry })));
    const opinions = await Promise.all(
      members.flatMap((member) => asked.map((requests) => evaluateAll(member, requests))),
    );
    games++;
    positions += found.positions.length;
    let [hits, signs] = [0, 0];
    found.positions.forEach((position, ply) => {
      const evaluations = opinions.map((of) => of[ply]);
      const { policyLogits, valueToPlay, scoreToPlay, ownershipToPlay } = meanEvaluation(
        evaluations,
        position,
      );
      const sign = signFor(position.toPlay);
      const { move } = found.game.moves[ply];
      const rank = rankOf(position, policyLogits, move);
      policy.add(
        evaluations.map((evaluation) => legalPolicy(evaluation.policyLogits, position)),
        move,
      );
      if (rank === 0) hits++;
      top5.add(rank < 5);
      if (targets.outcomeBlack !== null) {
        const outcome = sign * targets.outcomeBlack;
        valueMse.add((valueToPlay - outcome) ** 2);
        if (outcome !== 0 && valueToPlay > 0 === outcome > 0) signs++;
        if (outcome !== 0) blackWon.add(targets.outcomeBlack > 0);
      }
      const { ownershipBlack, scoreBlack } = targets;
      if (scoreBlack !== null && !Number.isNaN(scoreToPlay))
        scoreError.add(Math.abs(scoreToPlay - sign * scoreBlack));
      if (ownershipBlack !== null && ownershipToPlay !== null)
        ownership.add(
          ownershipToPlay.map((owned) => sign * owned),
          ownershipBlack,
          found.positions.length - ply <= LATE,
        );
    });
    top1.add({ hits, positions: found.positions.length });
    if (targets.outcomeBlack) valueSign.add({ hits: signs, positions: found.positions.length });
  }
  return {
    games,
    positions,
    top1: top1.share,
    top1Interval: top1.interval,
    top5: top5.get(),
    policy: policy.quality,
    valueMse: valueMse.get(),
    valueSign: valueSign.share,
    valueSignInterval: valueSign.interval,
    majority: Math.max(blackWon.get(), 1 - blackWon.get()),
    ownership: ownership.quality,
    scoreError: scoreError.isEmpty() ? null : scoreError.get(),
  };
}
