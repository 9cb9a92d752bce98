/** Positions of held-out games as an exam, which asks what `net eval` asks: the move among the legal ones, and who wins. */
import * as tf from '@tensorflow/tfjs-core';
import type { Position } from '#engine/go/position.ts';
import { batchOutputs } from '#nets/batch.ts';
import { FEATURE_SETS } from '#nets/features/feature-set.ts';
import type { FeatureSet } from '#nets/features/feature-set.ts';
import { crossEntropy, squaredError } from '#nets/ops/losses.ts';
import type { NetSpec } from '#nets/spec.ts';
import { makeBatch } from '../example.ts';
import type { Example } from '../example.ts';
import { foundGames } from '../found-games.ts';
import type { GameFile } from '../game-files.ts';
import { sideOf, testShares } from '../holdout.ts';
import { packPositions } from '../packed-positions.ts';
import { evenly, pieces } from '../spread.ts';
import { Exam } from './exam.ts';
import type { ExamBatch } from './exam.ts';

/** Positions in a batch; any number gives the same means. */
const AT_ONCE = 128;

/** Added to the logits of illegal moves: far below what any weights make of legal ones, and finite. */
const ILLEGAL = -1e30;

export type AskedPosition = {
  readonly position: Position;
  readonly move: number;
  readonly outcomeBlack: -1 | 0 | 1 | null;
};

export type HeldOutOptions = {
  /** Share of games that training with this share keeps for tests; 1 takes all games. */
  readonly holdOut: number;
  /** How many positions at most, evenly spread over those of all games. */
  readonly examples: number;
  /** Counts records that are left out, by reason. */
  readonly skipped: Map<string, number>;
  readonly onProgress?: (games: number, total: number) => void;
};

export function heldOutPositions(files: readonly GameFile[], options: HeldOutOptions): AskedPosition[] {
  const shares = testShares(options.holdOut);
  const found = foundGames(files, { ...options, sideOf: (hash) => sideOf(hash, shares) });
  const all: AskedPosition[] = [];
  for (const { positions, game, targets } of found)
    positions.forEach((position, ply) => {
      all.push({ position, move: game.moves[ply].move, outcomeBlack: targets.outcomeBlack });
    });
  return evenly(all.length, options.examples).map((index) => all[index]);
}

export function boardExam(spec: NetSpec, asked: readonly AskedPosition[]): Exam {
  const bySize = Map.groupBy(asked, ({ position: { board } }) => `${board.width} x ${board.height}`);
  const batches = [...bySize.values()].flatMap((ofSize) => pieces(ofSize, AT_ONCE));
  return new Exam(batches.map((batch) => boardBatch(FEATURE_SETS[spec.featureSet], batch)));
}

/** @param asked of one board size, whose moves are therefore the indices of the logits. */
function boardBatch(features: FeatureSet, asked: readonly AskedPosition[]): ExamBatch {
  const batch = makeBatch(asked.map((one) => exampleOf(features, one)));
  const { policy, value, valueKnown } = batch.targets;
  const illegal = tf.tensor2d(
    asked.flatMap(({ position }) =>
      Array.from({ length: policy.shape[1] }, (_, move) => (position.isLegal(move) ? 0 : ILLEGAL)),
    ),
    policy.shape,
  );
  const known = asked.filter(({ outcomeBlack }) => outcomeBlack !== null).length;
  return {
    tensors: [batch.planes, batch.globals, illegal, ...Object.values(batch.targets)],
    counts: { policy: asked.length, value: known },
    losses: (model) => {
      const outputs = batchOutputs(model, batch, { training: false });
      return {
        policy: crossEntropy(tf.add(outputs.policy, illegal), policy),
        value: squaredError(outputs.value, value, valueKnown),
      };
    },
  };
}

function exampleOf(features: FeatureSet, { position, move, outcomeBlack }: AskedPosition): Example {
  const { rules, board } = position;
  const { width, height } = board;
  return {
    positions: packPositions(features, { width, height, rules }, 1, [position]),
    index: 0,
    symmetry: 0,
    toPlay: position.toPlay,
    policyMoves: [move],
    policy: [1],
    reply: null,
    valueBlack: outcomeBlack,
    scoreBlack: null,
    ownershipBlack: null,
    owned: 1,
  };
}
