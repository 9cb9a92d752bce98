/** Positions of game records, or of those that training keeps for tests, each with the move that was played, as examples. */
import type { Position } from '#engine/go/position.ts';
import type { GameRecord } from '#engine/record/game-record.ts';
import type { FeatureSet } from '#nets/features/feature-set.ts';
import type { Example } from './example.ts';
import { foundGames } from './found-games.ts';
import type { GameFile } from './game-files.ts';
import { sideOf, testShares } from './holdout.ts';
import { packPositions } from './packed-positions.ts';
import { replayGame } from './replayed-game.ts';
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
  // Boards take far more memory than moves: games are replayed again for the few positions that are asked for.
  const games: { readonly game: GameRecord; readonly first: number }[] = [];
  let total = 0;
  for (const { positions, game } of found) {
    games.push({ game, first: total });
    total += positions.length;
  }
  let which = 0;
  const byGame = Map.groupBy(evenly(total, options.examples), (index) => {
    while (which + 1 < games.length && games[which + 1].first <= index) which++;
    return which;
  });
  return [...byGame].flatMap(([chosen, indices]) => {
    const { game, first } = games[chosen];
    const replayed = replayGame(game);
    if (replayed === null) throw new Error('internal: a game was replayed once, and not again');
    const { positions, targets } = replayed;
    return indices.map((index) => {
      const ply = index - first;
      return {
        position: positions[ply],
        move: game.moves[ply].move,
        outcomeBlack: targets.outcomeBlack,
      };
    });
  });
}

export function askedExample({ position, move, outcomeBlack }: AskedPosition, features: FeatureSet): Example {
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
