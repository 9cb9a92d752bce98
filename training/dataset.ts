/** Games turned into training positions: features once, packed, and targets seen from Black. */
import type { GameRecord } from '#engine/record/game-record.ts';
import type { FeatureSet } from '#nets/features/feature-set.ts';
import { foundGames } from './found-games.ts';
import type { FoundGame } from './found-games.ts';
import type { GameFile } from './game-files.ts';
import { gameShares, sideOf } from './holdout.ts';
import type { Side, Split } from './holdout.ts';
import { packPositions } from './packed-positions.ts';
import type { PackedPositions } from './packed-positions.ts';
import { positionKey } from './position-key.ts';
import type { GameTargets } from './targets.ts';

/** All positions of one game before its moves. */
export type GameSamples = {
  /** [plies] */
  readonly positions: PackedPositions;
  /** int16 [plies]: the move that was played, the index of its policy logit. */
  readonly moves: Int16Array;
  /** uint8 [plies]: who played it. */
  readonly toPlay: Uint8Array;
  /** [plies]: see `positionKey`. */
  readonly keys: Float64Array;
  readonly targets: GameTargets;
};

export type Dataset = Readonly<Record<Side, GameSamples[]>> & {
  /** Records left out, by reason. */
  readonly skipped: ReadonlyMap<string, number>;
};

export type DatasetOptions = Split & {
  /** Of the nets that will be trained. */
  readonly features: FeatureSet;
  /** Points along a side of the boards that are taken; null for boards of any size. Default null. */
  readonly size?: number | null;
  /** Called after each record. */
  readonly onProgress?: (done: number, total: number) => void;
};

/** Reads, replays and encodes; records that do not parse or replay are counted and left out. */
export function buildDataset(files: readonly GameFile[], options: DatasetOptions): Dataset {
  const games: Record<Side, GameSamples[]> = { train: [], validation: [], test: [] };
  const shares = gameShares(options);
  const skipped = new Map<string, number>();
  const { size = null } = options;
  const isWanted = ({ width, height }: GameRecord): boolean =>
    size === null || (width === size && height === size);
  const found = foundGames(files, {
    ...options,
    sideOf: (hash, game) => (isWanted(game) ? sideOf(hash, shares) : null),
    skipped,
  });
  for (const game of found) games[game.side].push(encodeGame(game, options.features));
  return { ...games, skipped };
}

/** Every position of a game. */
function encodeGame({ game, positions, targets }: FoundGame, features: FeatureSet): GameSamples {
  const { moves } = game;
  return {
    positions: packPositions(features, game, moves.length, positions),
    moves: Int16Array.from(moves, (m) => m.move),
    toPlay: Uint8Array.from(moves, (move) => move.color),
    keys: Float64Array.from(positions, positionKey),
    targets,
  };
}
