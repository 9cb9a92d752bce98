/** Games turned into training positions: features once, packed, and targets seen from Black. */
import { TENGEN_V1, encodeTengenV1 } from '#nets/features/tengen-v1.ts';
import { foundGames } from './found-games.ts';
import type { FoundGame } from './found-games.ts';
import type { GameFile } from './game-files.ts';
import type { GameTargets } from './targets.ts';

/** All positions of one game before its moves. */
export type GameSamples = {
  readonly width: number;
  readonly height: number;
  /** uint16 [plies, H * W]: bit c of a point is plane c of `tengen-v1`. */
  readonly planes: Uint16Array;
  /** float32 [plies, 6] */
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
    (found.isHeldOut ? heldOut : train).push(encodeGame(found));
  return { train, heldOut, skipped };
}

/** Every position of a game. */
function encodeGame({ game, positions, targets }: FoundGame): GameSamples {
  const { width, height, moves } = game;
  const area = width * height;
  const plies = moves.length;
  const planes = new Uint16Array(plies * area);
  const globals = new Float32Array(plies * TENGEN_V1.globals);
  const dense = new Uint8Array(area * TENGEN_V1.planes);
  const toPlay = Uint8Array.from(moves, (move) => move.color);
  for (let ply = 0; ply < plies; ply++) {
    dense.fill(0);
    const out = globals.subarray(ply * TENGEN_V1.globals, (ply + 1) * TENGEN_V1.globals);
    encodeTengenV1(positions[ply], 0, dense, out, width);
    for (let p = 0; p < area; p++) {
      let bits = 0;
      for (let c = 0; c < TENGEN_V1.planes; c++) bits |= dense[p * TENGEN_V1.planes + c] << c;
      planes[ply * area + p] = bits;
    }
  }
  return {
    width,
    height,
    planes,
    globals,
    moves: Int16Array.from(moves, (m) => m.move),
    toPlay,
    targets,
  };
}
