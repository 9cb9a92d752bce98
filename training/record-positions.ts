/** Positions of game records, or of those that training keeps for tests, each with the move that was played, as examples. */
import type { Position } from '#engine/go/position.ts';
import type { FeatureSet } from '#nets/features/feature-set.ts';
import type { Example } from './example.ts';
import { foundGames } from './found-games.ts';
import type { GameFile } from './game-files.ts';
import { sideOf, testShares } from './holdout.ts';
import { packPositions } from './packed-positions.ts';
import { evenly } from './spread.ts';

export type AskedPosition = {
  readonly position: Position;
  readonly move: number;
  readonly outcomeBlack: -1 | 0 | 1 | null;
};

export type PositionOptions = {
  /** Share of games that training with this share keeps for tests; 1 takes all games. */
  readonly holdOut: number;
  /** How many positions at most, evenly spread over those of all games. */
  readonly examples: number;
  /** Counts records that are left out, by reason. */
  readonly skipped: Map<string, number>;
  readonly onProgress?: (games: number, total: number) => void;
};

export function recordPositions(files: readonly GameFile[], options: PositionOptions): AskedPosition[] {
  const shares = testShares(options.holdOut);
  const found = foundGames(files, { ...options, sideOf: (hash) => sideOf(hash, shares) });
  const all: AskedPosition[] = [];
  for (const { positions, game, targets } of found)
    positions.forEach((position, ply) => {
      all.push({ position, move: game.moves[ply].move, outcomeBlack: targets.outcomeBlack });
    });
  return evenly(all.length, options.examples).map((index) => all[index]);
}

export function exampleOf({ position, move, outcomeBlack }: AskedPosition, features: FeatureSet): Example {
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
