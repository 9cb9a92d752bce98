/** Games turned into training positions: features once, packed, and targets seen from Black. */
import { BLACK } from '#engine/go/color.ts';
import { parseSgf } from '#engine/record/sgf.ts';
import { gameFromSgf } from '#engine/record/sgf-game.ts';
import type { GameRecord } from '#engine/record/game-record.ts';
import { TENGEN_V1, encodeTengenV1 } from '#nets/features/tengen-v1.ts';
import type { GameFile } from './game-files.ts';
import { gameHash, isHeldOut } from './holdout.ts';
import { replayGame } from './replayed-game.ts';
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
  /** Which side of the hold-out to read; both by default. */
  readonly only?: 'heldOut';
};

/** Reads, replays and encodes; records that do not parse or replay are counted and left out. */
export function buildDataset(files: readonly GameFile[], options: DatasetOptions): Dataset {
  const train: GameSamples[] = [];
  const heldOut: GameSamples[] = [];
  const skipped = new Map<string, number>();
  const seen = new Set<number>();
  const skip = (reason: string): void => void skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  const total = files.reduce((sum, file) => sum + file.records.length, 0);
  let done = 0;
  for (const { records } of files)
    for (const record of records) {
      options.onProgress?.(++done, total);
      const parsed = parseSgf(record);
      if (!parsed.ok) {
        skip('not valid SGF');
        continue;
      }
      for (const root of parsed.games) {
        const game = gameFromSgf(root);
        if (!game.ok) {
          skip('not a game this program reads');
          continue;
        }
        const hash = gameHash(game.value);
        if (seen.has(hash)) {
          skip('a second copy of a game');
          continue;
        }
        seen.add(hash);
        const held = isHeldOut(hash, options.holdOut);
        if (!held && options.only === 'heldOut') continue;
        const samples = encodeGame(game.value);
        if (samples === null) skip('no moves, an illegal one, or two in a row by one player');
        else (held ? heldOut : train).push(samples);
      }
    }
  return { train, heldOut, skipped };
}

/** Every position of a game, or null where `replayGame` gives none. */
function encodeGame(game: GameRecord): GameSamples | null {
  const replayed = replayGame(game);
  if (replayed === null) return null;
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
    encodeTengenV1(replayed.positions[ply], 0, dense, out, width);
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
    targets: replayed.targets,
  };
}

/** 1 where the side to play at `ply` is Black, else -1. */
export function signToPlay(game: GameSamples, ply: number): 1 | -1 {
  return game.toPlay[ply] === BLACK ? 1 : -1;
}
