/** Games turned into training positions: features once, packed, and targets seen from Black. */
import type { FeatureSet } from '#nets/features/feature-set.ts';
import { foundGames } from './found-games.ts';
import type { FoundGame } from './found-games.ts';
import type { GameFile } from './game-files.ts';
import type { GameTargets } from './targets.ts';

/** All positions of one game before its moves. */
export type GameSamples = {
  readonly width: number;
  readonly height: number;
  readonly features: FeatureSet;
  /** uint32 [plies, H * W]: bit c of a point is plane c of the features. */
  readonly planes: Uint32Array;
  /** float32 [plies, G] */
  readonly globals: Float32Array;
  /** int16 [plies]: the move that was played, the index of its policy logit. */
  readonly moves: Int16Array;
  /** uint8 [plies]: who played it. */
  readonly toPlay: Uint8Array;
  readonly targets: GameTargets;
};

export type Dataset = {
  readonly train: GameSamples[];
  readonly heldOut: GameSamples[];
  /** Records left out, by reason. */
  readonly skipped: ReadonlyMap<string, number>;
};

export type DatasetOptions = {
  /** Of the nets that will be trained. */
  readonly features: FeatureSet;
  readonly holdOut: number;
  /** Called after each record. */
  readonly onProgress?: (done: number, total: number) => void;
};

/** Reads, replays and encodes; records that do not parse or replay are counted and left out. */
export function buildDataset(files: readonly GameFile[], options: DatasetOptions): Dataset {
  const train: GameSamples[] = [];
  const heldOut: GameSamples[] = [];
  const skipped = new Map<string, number>();
  for (const found of foundGames(files, { ...options, heldOutOnly: false, skipped }))
    (found.isHeldOut ? heldOut : train).push(encodeGame(found, options.features));
  return { train, heldOut, skipped };
}

/** Every position of a game. */
function encodeGame({ game, positions, targets }: FoundGame, features: FeatureSet): GameSamples {
  const { width, height, moves } = game;
  const area = width * height;
  const plies = moves.length;
  const planes = new Uint32Array(plies * area);
  const globals = new Float32Array(plies * features.globals);
  const dense = new Uint8Array(area * features.planes);
  const toPlay = Uint8Array.from(moves, (move) => move.color);
  for (let ply = 0; ply < plies; ply++) {
    dense.fill(0);
    features.encode(positions[ply], 0, {
      planes: dense,
      globals,
      columns: width,
      pointStride: features.planes,
      planeStride: 1,
      planesOffset: 0,
      globalsOffset: ply * features.globals,
    });
    for (let p = 0; p < area; p++) {
      let bits = 0;
      for (let c = 0; c < features.planes; c++) bits |= dense[p * features.planes + c] << c;
      planes[ply * area + p] = bits;
    }
  }
  return {
    width,
    height,
    features,
    planes,
    globals,
    moves: Int16Array.from(moves, (m) => m.move),
    toPlay,
    targets,
  };
}
